//! Texts with sizes in them, which a generic model puts together when its sizes are numbers.

use super::{Emission, ident, ours};
use crate::check::Meaning;
use proc_macro2::{Ident, TokenStream};
use std::cell::RefCell;
use tensor_ops::{Poly, Shape};

/// Stands in a text where a number will.
const GAP: char = '\u{1}';

/// Texts as expressions: literals, or constants of the generic model.
pub struct Texts<'a> {
    emission: &'a Emission<'a>,
    /// The values of the constants so far, each once.
    constants: RefCell<Vec<(String, TokenStream)>>,
}

impl<'a> Texts<'a> {
    /// None yet.
    pub fn new(emission: &'a Emission<'a>) -> Self {
        let constants = RefCell::default();
        Texts { emission, constants }
    }

    /// What is written with a spelling for sizes, as an expression.
    pub fn text(&self, write: impl FnOnce(&dyn Fn(&Poly) -> String) -> String) -> TokenStream {
        let gaps = RefCell::new(Vec::new());
        let spell = |size: &Poly| {
            if !self.is_number(size) {
                return size.to_string();
            }
            gaps.borrow_mut().push(size.clone());
            GAP.to_string()
        };
        let text = write(&spell);
        let gaps = gaps.into_inner();
        if gaps.is_empty() {
            return ours!(#text);
        }
        let (private, sizes) = (self.emission.krate.private(), self.emission.sizes());
        let mut pieces = text.split(GAP);
        let first = pieces.next().unwrap_or_default();
        let pieces = gaps.iter().zip(pieces).map(|(size, behind)| {
            let size = sizes.constant(size);
            ours!(.then_number(#size).then(#behind))
        });
        let value = ours!(#private::Text::new().then(#first)#(#pieces)*);
        let (key, mut constants) = (value.to_string(), self.constants.borrow_mut());
        let place = constants.iter().position(|(known, _)| *known == key);
        let place = place.unwrap_or_else(|| {
            constants.push((key, value));
            constants.len() - 1
        });
        let name = name(place);
        ours!(Self::#name.as_str())
    }

    /// `Mlp`, `Block<64, 8>`.
    pub fn name(&self) -> TokenStream {
        let model = self.emission.model;
        self.text(|spell| {
            let generics = model.generics.iter();
            let sizes = generics.map(|parameter| spell(&Poly::variable(&parameter.name.to_string())));
            match &sizes.collect::<Vec<_>>()[..] {
                [] => model.name.to_string(),
                sizes => format!("{}<{}>", model.name, sizes.join(", ")),
            }
        })
    }

    /// `[batch, 4 * D]`.
    pub fn shape(&self, shape: &Shape) -> TokenStream {
        self.text(|spell| {
            let axes: Vec<String> = shape.axes().iter().map(spell).collect();
            format!("[{}]", axes.join(", "))
        })
    }

    /// The constants that the texts name.
    pub fn finish(self) -> Vec<TokenStream> {
        let private = self.emission.krate.private();
        let constants = self.constants.into_inner().into_iter().enumerate();
        let constants = constants.map(|(place, (_, value))| {
            let name = name(place);
            ours!(const #name: &'static #private::Text = &#value;)
        });
        constants.collect()
    }

    /// Whether a size has a name here that is a number where the model is used.
    fn is_number(&self, size: &Poly) -> bool {
        let variables = &self.emission.facts.variables;
        let meanings: Vec<_> = size.variables().map(|name| variables.meaning(name)).collect();
        let is_known = |meaning: &Option<&Meaning>| !matches!(meaning, Some(Meaning::RunTime(..)) | None);
        let is_own = |meaning: &Option<&Meaning>| !matches!(meaning, Some(Meaning::Static(_)));
        !variables.generics().is_empty() && meanings.iter().all(is_known) && meanings.iter().any(is_own)
    }
}

fn name(place: usize) -> Ident {
    ident(&format!("TEXT_{place}"))
}
