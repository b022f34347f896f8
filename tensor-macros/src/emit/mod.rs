//! From the plan to tokens. Nothing can fail here.
//!
//! What is emitted reads as a person would write it: a struct, plain functions of one call a line, a table of them.

mod backward;
mod body;
mod claims;
mod eager;
mod expression;
mod fallback;
mod field;
mod forward;
mod function;
mod generics;
mod layer;
mod methods;
mod nested;
mod obligations;
mod primitive;
mod program;
mod size;
mod start;
mod structure;
mod texts;
mod unary;

pub use expression::{expression, expression_of_errors};
pub use fallback::{errors, fallback};
pub use size::Library;

use crate::check::{Elements, Facts, GivenFact};
use crate::graph::Graph;
use crate::passes::Planned;
use crate::syntax::Model;
use proc_macro2::{Ident, Span, TokenStream};
use size::Sizes;
use tensor_ops::Primitive;
use tensor_ops::Shape;

/// Tokens of ours: their names do not meet the user's.
macro_rules! ours {
    ($($tokens:tt)*) => { ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*) };
}
use ours;

/// All that is known of a model when it is written out.
pub struct Emission<'a> {
    /// Where the run time is.
    pub krate: &'a Library,
    /// As the user wrote it.
    pub model: &'a Model,
    /// What was worked out.
    pub facts: &'a Facts,
    /// One operation a layer, for the eager form and the table.
    pub lowered: &'a Graph,
    /// For `forward` and `backward`.
    pub training: &'a Planned,
    /// For `infer`.
    pub inference: &'a Planned,
    /// Those that it runs, each once.
    pub primitives: &'a [Primitive],
}

/// The items of a model.
pub fn emit(emission: &Emission<'_>) -> Vec<TokenStream> {
    let mut items = structure::structures(emission);
    items.extend(methods::methods(emission));
    items.push(program::program(emission));
    items.extend(body::body(emission));
    items.extend(obligations::obligations(emission));
    items
}

impl Emission<'_> {
    /// `::tensor::Float`.
    fn float(&self) -> TokenStream {
        self.krate.float()
    }

    fn sizes(&self) -> Sizes<'_> {
        Sizes {
            krate: self.krate,
            variables: &self.facts.variables,
        }
    }

    /// The type of each input: `Tensor<(B, Size<..>), T>`.
    fn input_types(&self, batch: &TokenStream) -> Vec<TokenStream> {
        let of = |input: &GivenFact| {
            let element = self.element_of(&input.elements, &self.element());
            self.tensor_type(&input.shape, batch, element)
        };
        self.facts.inputs.iter().map(of).collect()
    }

    /// The type of the output, or the tuple of all.
    fn output_type(&self, batch: &TokenStream) -> TokenStream {
        let types: Vec<TokenStream> = self
            .facts
            .output_shapes
            .iter()
            .map(|shape| {
                let element = self.element();
                self.tensor_type(shape, batch, ours!(#element))
            })
            .collect();
        match &types[..] {
            [only] => only.clone(),
            _ => ours!((#(#types),*)),
        }
    }

    /// The type of an input's elements, where the model's are `element`.
    fn element_of(&self, elements: &Elements, element: &Ident) -> TokenStream {
        match elements {
            Elements::Floats => ours!(#element),
            Elements::Whole => ours!(::core::primitive::i64),
            Elements::OfModel(model, input) => {
                let (of, private) = (self.sizes().model_type(model), self.krate.private());
                let input = proc_macro2::Literal::usize_unsuffixed(*input);
                ours!(<#of as #private::TakesInput<#input>>::Of<#element>)
            }
        }
    }

    fn tensor_type(&self, shape: &Shape, batch: &TokenStream, element: TokenStream) -> TokenStream {
        let root = self.krate.root();
        let shape = self.sizes().shape_type(shape, batch.clone());
        ours!(#root::Tensor<#shape, #element>)
    }

    /// The element type's parameter: `T`, unless the user means something by that.
    fn element(&self) -> Ident {
        self.parameter(&["T", "Element", "ElementOfModel"])
    }

    /// The batch's parameter: `B`, unless the user means something by that.
    fn batch(&self) -> Ident {
        self.parameter(&["B", "Rows", "BatchOfModel"])
    }

    fn parameter(&self, names: &[&str]) -> Ident {
        let name = names
            .iter()
            .find(|name| !self.facts.variables.mentions(name))
            .unwrap_or(&names[0]);
        ident(name)
    }
}

/// A name of ours.
fn ident(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
