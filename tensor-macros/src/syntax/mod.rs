//! What the user wrote, every token of it. Nothing that is worked out is ever put in here: facts live in `check`.

mod arguments;
mod attributes;
mod branches;
mod chain;
mod dynamic;
mod forward;
mod generics;
mod net;
mod start;
mod structure;

pub use arguments::arguments;
pub use dynamic::Dynamic;
pub use forward::{Declared, Forward, Pattern, Statement};
pub use net::{Net, net};
pub use start::Start;
pub use structure::structure;

use attributes::OfPart;
use proc_macro2::{Ident, Span};
use syn::{Attribute, Expr, LitStr, Path, Token, Type, Visibility};

/// One model: a `type` in `net!`, a struct under `#[model]`, or the nameless one of an expression.
#[derive(Clone)]
pub struct Model {
    /// The user's attributes, but for `#[input]`, which is ours.
    pub attributes: Vec<Attribute>,
    /// `#[input(1, 28, 28)]`, or `[1, 28, 28] =>` before the chain.
    pub input: Option<Input>,
    /// `#[forward(|x: [784]| ..)]`: how values go through the parts, where not from one to the next.
    pub forward: Option<Forward>,
    /// Whether there is one that cannot be read, which is told: how values go is not known.
    pub is_unread: bool,
    /// `#[forward(dynamic, |x: [8]| -> [4] { .. })]`: a forward that is plain Rust.
    pub dynamic: Option<Dynamic>,
    /// Of the type, and of parts that have none of their own.
    pub visibility: Visibility,
    /// `Mlp`.
    pub name: Ident,
    /// `<D: Dim, H: Dim = dim![8]>`: the sizes that it is generic over.
    pub generics: Vec<SizeParameter>,
    /// The parts, in the order in which they run.
    pub chain: Chain,
    /// `#[init(normal(0.02))]`: what its weights start from.
    pub starts: Vec<Start>,
    /// Whether parts are the fields of a struct, which keep the struct's privacy.
    pub is_struct: bool,
    /// Whether it is the chain of a field, which has all of its owner's sizes, used or not.
    pub is_inner: bool,
}

/// A size that a model is generic over.
#[derive(Clone)]
pub struct SizeParameter {
    /// `D`.
    pub name: Ident,
    /// `Dim`, as the user wrote it.
    pub bound: Path,
    /// `dim![8]`.
    pub default: Option<Type>,
}

/// The shape of one sample of the model's input.
#[derive(Clone)]
pub struct Input {
    /// The sizes after the batch.
    pub sizes: Vec<Expr>,
    /// The brackets or parentheses around them.
    pub span: Span,
}

/// Parts that run one after the other.
#[derive(Clone)]
pub struct Chain {
    /// The parts.
    pub parts: Vec<Part>,
    /// Where the chain is, for what is wrong with it as a whole.
    pub span: Span,
    /// What becomes of its parts where that is not one after the other.
    pub join: Option<Join>,
    /// `[1, 28, 28] =>` in front of the chain of a field.
    pub input: Option<Input>,
}

/// What becomes of the parts of a group, with the word.
#[derive(Clone, Copy)]
pub enum Join {
    /// `residual(linear(64, 64) >> relu)`: what goes in is added to what comes out.
    Residual(Span),
    /// `cat(conv2d(8, 4, 1), conv2d(8, 2, 1), axis = 1)`: what goes in goes into each part, and what comes out of them is put one behind the other.
    Cat(Span, i64),
}

/// One part of a chain.
#[derive(Clone)]
pub struct Part {
    /// Docs and other attributes, without `#[cfg]`.
    pub attributes: Vec<Attribute>,
    /// `#[cfg(..)]`.
    pub conditions: Vec<Attribute>,
    /// As written; nothing if it was not.
    pub visibility: Visibility,
    /// `fc1` in `fc1: linear(784, 128)`.
    pub name: Option<Ident>,
    /// What attributes of ours say of its parameters.
    pub options: Options,
    /// What it is.
    pub body: Body,
}

/// What attributes of ours say of a part, mostly of its parameters.
#[derive(Clone, Default)]
pub struct Options {
    /// `#[init(normal(0.02))]`.
    pub starts: Vec<Start>,
    /// `#[frozen]`: they stay as they are.
    pub frozen: Option<Span>,
    /// `#[tied(embedding)]`: its weight is that of another part.
    pub tied: Option<Tied>,
    /// `#[saved("self")]`: under this name, and not that of the field.
    pub saved: Option<LitStr>,
}

/// Whose weight a part has.
#[derive(Clone)]
pub struct Tied {
    /// `body.embedding`.
    pub path: Vec<Ident>,
}

impl Options {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty() && self.frozen.is_none() && self.tied.is_none() && self.saved.is_none()
    }
}

/// What a part is.
#[derive(Clone)]
pub enum Body {
    /// `linear(784, 128)`, or `Linear<784, 128>` as a field's type.
    Layer(Layer),
    /// `(linear(784, 128) >> relu)`, or `net!(..)` as a field's type.
    Group(Chain),
    /// `[Encoder; 12]` as a field's type: so many parts of one kind.
    Array(Chain),
    /// Another model: `Encoder`, `Block<64, 8>`.
    Model(ModelPart),
    /// Something that was not understood, and whose error is already told.
    Broken(Span),
}

/// Another model, and the sizes that it was given.
#[derive(Clone)]
pub struct ModelPart {
    /// Without what stands in angle brackets.
    pub path: Path,
    /// What stands in them; nothing if there are none.
    pub sizes: Option<Arguments>,
}

/// A layer and what it was given.
#[derive(Clone)]
pub struct Layer {
    /// `linear`, or `Linear`.
    pub name: Ident,
    /// The path as the user wrote it, where it is a field's type.
    pub path: Option<Path>,
    /// What stands in the parentheses or angle brackets; nothing if there are none.
    pub arguments: Option<Arguments>,
}

/// What stands in the parentheses or angle brackets of a layer.
#[derive(Clone)]
pub struct Arguments {
    /// In the order written.
    pub list: Vec<Argument>,
    /// The parentheses with all in them.
    pub span: Span,
}

/// One of them.
#[derive(Clone)]
pub struct Argument {
    /// `bias` in `bias = false`.
    pub keyword: Option<(Ident, Token![=])>,
    /// `false`.
    pub value: Expr,
}

impl Part {
    fn new(attributes: OfPart, visibility: Visibility, name: Option<Ident>, body: Body) -> Self {
        let body = if attributes.is_wrong {
            Body::Broken(body.span())
        } else {
            body
        };
        Part {
            attributes: attributes.kept,
            conditions: attributes.conditions,
            visibility,
            name,
            options: attributes.options,
            body,
        }
    }

    /// A part that is nothing but its body.
    pub fn plain(body: Body) -> Self {
        Part {
            attributes: Vec::new(),
            conditions: Vec::new(),
            visibility: Visibility::Inherited,
            name: None,
            options: Options::default(),
            body,
        }
    }
}

impl Body {
    /// Where it is, for one token to underline.
    pub fn span(&self) -> Span {
        match self {
            Body::Layer(layer) => layer.name.span(),
            Body::Group(chain) | Body::Array(chain) => chain.span,
            Body::Model(model) => model
                .path
                .segments
                .last()
                .map_or_else(Span::call_site, |segment| segment.ident.span()),
            Body::Broken(span) => *span,
        }
    }
}
