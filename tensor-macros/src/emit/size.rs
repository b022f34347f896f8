//! Sizes as expressions and as types, and where the run time is.

use super::{ident, ours};
use crate::check::{BATCH, Meaning, ModelType, Variables};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::parse::Parser;
use tensor_ops::{Fraction, Poly, Shape};

/// The path of the run time: `::tensor`, or what `crate = path` says.
pub struct Library {
    root: TokenStream,
    sizes: crate::dims::Library,
}

impl Library {
    /// `::tensor`, or the path given.
    pub fn new(path: Option<Path>) -> Self {
        let named = path.as_ref().map(|path| quote!(#![crate = #path])).unwrap_or_default();
        let sizes = crate::dims::Library::parse.parse2(named);
        let sizes = sizes
            .unwrap_or_else(|error| unreachable!("syntax/net.rs took a path that dims/library.rs does not: {error}"));
        Library {
            root: path.map_or_else(|| ours!(::tensor), |path| quote!(#path)),
            sizes,
        }
    }

    /// `::tensor`.
    pub fn root(&self) -> &TokenStream {
        &self.root
    }

    /// `::tensor::Float`: what an element may be.
    pub fn float(&self) -> TokenStream {
        let root = &self.root;
        ours!(#root::Float)
    }

    /// `::tensor::layers`.
    pub fn layers(&self) -> TokenStream {
        let root = &self.root;
        ours!(#root::layers)
    }

    /// `::tensor::__private`: what only generated code uses.
    pub fn private(&self) -> TokenStream {
        let root = &self.root;
        ours!(#root::__private)
    }

    /// `::tensor::shape`.
    pub fn shape(&self) -> TokenStream {
        let root = &self.root;
        ours!(#root::shape)
    }
}

/// How the polynomials of a model are spelled.
pub struct Sizes<'a> {
    /// Where the run time is.
    pub krate: &'a Library,
    /// What the names stand for.
    pub variables: &'a Variables,
}

impl Sizes<'_> {
    /// As a `usize`, in a function that has `batch_size` and the like.
    pub fn expression(&self, size: &Poly) -> TokenStream {
        self.sum(size, |name| match name {
            BATCH => local(BATCH),
            name => self.variable(name),
        })
    }

    /// How many numbers another model makes of a sample, as one of its values.
    pub fn elements(&self, model: &ModelType, output: usize) -> TokenStream {
        let (of, private, output) = (
            self.model_type(model),
            self.krate.private(),
            Literal::usize_unsuffixed(output),
        );
        ours!(#private::elements(<#of as #private::Model>::PROGRAM.output_sizes(#output)))
    }

    /// As a constant: the batch and other sizes that the input brings are 1.
    pub fn constant(&self, size: &Poly) -> TokenStream {
        let size = self
            .variables
            .run_time()
            .iter()
            .fold(size.with(BATCH, 1), |size, (name, _)| size.with(name, 1));
        self.sum(&size, |name| self.variable(name))
    }

    /// As a constant that is 0 where only the input tells.
    pub fn known(&self, size: &Poly) -> TokenStream {
        match self.variables.is_run_time(size) {
            true => ours!(0),
            false => self.constant(size),
        }
    }

    /// As a type that has a value, which is 0 where only the input tells.
    pub fn known_type(&self, size: &Poly) -> TokenStream {
        match self.variables.is_run_time(size) {
            true => self.size_type(&Poly::number(0)),
            false => self.static_type(size),
        }
    }

    fn sum(&self, size: &Poly, variable: impl Fn(&str) -> TokenStream) -> TokenStream {
        let Fraction { over, under } = size.fraction();
        let product = |names: &[String], coefficient| {
            let number = Literal::u64_unsuffixed(coefficient);
            let number = (coefficient != 1 || names.is_empty()).then(|| ours!(#number));
            let factors = names.iter().map(|name| variable(name)).chain(number);
            factors.reduce(|left, right| ours!(#left * #right)).unwrap_or_default()
        };
        let terms = over.iter().rev().map(|(names, number)| product(names, *number));
        let sum = terms.reduce(|left, right| ours!(#left + #right)).unwrap_or(ours!(0));
        match (&under.0[..], under.1) {
            ([], 1) => sum,
            (names, number) => {
                let under = product(names, number);
                ours!((#sum) / (#under))
            }
        }
    }

    fn variable(&self, name: &str) -> TokenStream {
        match self.variables.meaning(name) {
            Some(Meaning::RunTime(..)) | None => local(name),
            Some(Meaning::Static(_)) => {
                let (size, shape) = (self.static_name(name), self.krate.shape());
                ours!(<#size as #shape::StaticDim>::SIZE)
            }
            Some(Meaning::ModelOutput(model, output)) => self.elements(model, *output),
            Some(Meaning::ModelInput(_)) => {
                let (size, private) = (self.name(name), self.krate.private());
                ours!(#private::settled::<#size>())
            }
            Some(Meaning::Generic(name)) => {
                let constant = super::generics::constant(name);
                ours!(Self::#constant)
            }
        }
    }

    /// As a type.
    pub fn size_type(&self, size: &Poly) -> TokenStream {
        self.spelled(size, |name| self.name(name))
    }

    /// As a type that has a value, whether or not the names in it have one; see [`Sizes::values`].
    pub fn static_type(&self, size: &Poly) -> TokenStream {
        self.spelled(size, |name| self.static_name(name))
    }

    /// Asks once of each name in the model for its value: `<Seq as StaticDim>::SIZE`.
    pub fn values(&self) -> impl Iterator<Item = TokenStream> {
        let shape = self.krate.shape();
        self.variables
            .of_types()
            .map(move |path| ours!(<#path as #shape::StaticDim>::SIZE))
    }

    fn spelled(&self, size: &Poly, spell: impl Fn(&str) -> TokenStream) -> TokenStream {
        let shape = self.krate.shape();
        let number = |value| crate::dims::size_type(value, &self.krate.sizes, Span::mixed_site());
        let Fraction { over, under } = size.fraction();
        let product = |names: &[String], coefficient| {
            let factors = (coefficient != 1 || names.is_empty()).then(|| number(coefficient));
            let factors = factors.into_iter().chain(names.iter().map(|name| spell(name)));
            factors
                .reduce(|left, right| ours!(#shape::Times<#left, #right>))
                .unwrap_or_default()
        };
        let terms = over.iter().rev().map(|(names, number)| product(names, *number));
        let sum = terms
            .reduce(|left, right| ours!(#shape::Plus<#left, #right>))
            .unwrap_or_else(|| number(0));
        match (&under.0[..], under.1) {
            ([], 1) => sum,
            (names, number) => {
                let under = product(names, number);
                ours!(#shape::Quotient<#sum, #under>)
            }
        }
    }

    /// Another model as a type: `Block<Size<_6, _4>, Size<_8>>`, whose elements are `f32`.
    pub fn model_type(&self, model: &ModelType) -> TokenStream {
        let path = &model.path;
        match &model.sizes {
            Some(sizes) => {
                let sizes = sizes.iter().map(|size| self.static_type(size));
                let last = path
                    .segments
                    .last()
                    .map_or_else(Span::mixed_site, |last| last.ident.span());
                let sizes = quote_spanned!(Span::mixed_site().located_at(last)=> <#(#sizes),*>);
                quote!(#path #sizes)
            }
            None => quote!(#path),
        }
    }

    /// The same with elements of another type, which stands behind as many sizes as only rustc knows.
    pub fn model_of(&self, model: &ModelType, element: &Ident) -> TokenStream {
        let (of, private) = (self.model_type(model), self.krate.private());
        ours!(<#of as #private::Model>::With<#element>)
    }

    fn static_name(&self, name: &str) -> TokenStream {
        let (of, shape) = (self.name(name), self.krate.shape());
        match self.variables.meaning(name) {
            Some(Meaning::Static(_)) => ours!(#shape::Static<#of>),
            Some(Meaning::RunTime(..) | Meaning::Generic(_) | Meaning::ModelInput(_) | Meaning::ModelOutput(..))
            | None => of,
        }
    }

    fn name(&self, name: &str) -> TokenStream {
        let private = self.krate.private();
        match self.variables.meaning(name) {
            Some(Meaning::Static(path) | Meaning::RunTime(path, _)) => quote!(#path),
            Some(Meaning::Generic(name)) => quote!(#name),
            Some(Meaning::ModelInput(model)) => {
                let model = self.model_type(model);
                ours!(<#model as #private::Model>::InputFeatures)
            }
            Some(Meaning::ModelOutput(model, 0)) => {
                let model = self.model_type(model);
                ours!(<#model as #private::Model>::OutputFeatures)
            }
            Some(Meaning::ModelOutput(model, output)) => {
                let (model, output) = (self.model_type(model), Literal::usize_unsuffixed(*output));
                ours!(<#model as #private::Gives<#output>>::Features)
            }
            None => unreachable!("check/sizes.rs: `{name}` is not noted"),
        }
    }

    /// As a tuple, the batch given; what another model makes is as it says.
    pub fn shape_type(&self, shape: &Shape, batch: TokenStream) -> TokenStream {
        if let Some((model, output)) = self.variables.made_by(shape) {
            let (of, private) = (self.model_type(model), self.krate.private());
            if output == 0 {
                return ours!(<#of as #private::Model>::Output<#batch>);
            }
            let output = Literal::usize_unsuffixed(output);
            return ours!(<#of as #private::Gives<#output>>::Shape<#batch>);
        }
        let sizes = shape.axes().iter().skip(1).map(|size| self.size_type(size));
        ours!((#batch, #(#sizes),*))
    }
}

/// The variable that holds a size which the input brings: `batch_size`.
fn local(name: &str) -> TokenStream {
    let name = ident(&local_name(name));
    ours!(#name)
}

/// `batch_size` for the batch, `seq_size` for `Seq`.
pub fn local_name(name: &str) -> String {
    let word = name.rsplit("::").next().unwrap_or(name).trim();
    let mut snake = String::new();
    for (position, letter) in word.chars().enumerate() {
        if letter.is_uppercase() && position > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    format!("{snake}_size")
}
