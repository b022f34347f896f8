//! What a layer is, in terms of operations.

use proc_macro2::Span;
use syn::Path;
use tensor_ops::{Binary, Poly, Primitive, Shape, Unary};

/// A layer whose name and arguments are understood.
#[derive(Clone)]
pub enum Resolved {
    /// `linear(inputs, outputs, bias)`.
    Linear {
        inputs: Wanted,
        outputs: Option<Poly>,
        bias: bool,
    },
    /// `layer_norm(features, eps)`.
    LayerNorm { features: Wanted, eps: f64 },
    /// An activation, or dropout, whose stream is given when the model is lowered.
    Elementwise(Unary),
    /// `softmax`.
    Softmax,
    /// `log_softmax`.
    LogSoftmax,
    /// `flatten`.
    Flatten,
    /// `reshape(sizes..)`, the sizes of one sample.
    Reshape(Vec<Poly>, Span),
    /// `identity`.
    Identity,
    /// An operation over blocks of several axes: `conv2d(..)`.
    Block(Box<Block>),
    /// `a + b` in a forward.
    Binary(Binary),
    /// Another model.
    Model(Path),
    /// Not understood, and told.
    Broken,
}

impl Resolved {
    /// Whether it has something to learn.
    pub fn has_parameters(&self) -> bool {
        match self {
            Resolved::Linear { .. } | Resolved::LayerNorm { .. } | Resolved::Model(_) => true,
            Resolved::Elementwise(_) | Resolved::Softmax | Resolved::LogSoftmax => false,
            Resolved::Flatten | Resolved::Reshape(..) | Resolved::Identity | Resolved::Binary(_) => false,
            Resolved::Broken => false,
            // Its part has sizes, even where it learns nothing.
            Resolved::Block(block) => block.takes.is_some(),
        }
    }
}

/// A layer that is a primitive.
#[derive(Clone)]
pub struct Block {
    /// Which, with its options.
    pub primitive: Primitive,
    /// The channels or features it is made for, if it is.
    pub takes: Option<Wanted>,
    /// Those it makes, if that is said.
    pub makes: Option<Poly>,
    /// Where each of its arguments is.
    pub arguments: Vec<(&'static str, Span)>,
}

impl Block {
    /// The input with the size that it is made for.
    pub fn expected(&self, input: &Shape) -> Shape {
        let mut axes = input.axes().to_vec();
        if let Some(size) = self.takes.as_ref().and_then(|wanted| wanted.size.clone()) {
            axes[self.primitive.features().axis(input)] = size;
        }
        Shape::new(axes)
    }

    /// The shapes of its parameters, for an input of this shape.
    pub fn shapes(&self, input: &Shape) -> Vec<Shape> {
        self.primitive
            .parameter_shapes(&[&self.expected(input)], self.makes.as_ref())
            .unwrap_or_else(|misfit| unreachable!("check/blocks.rs: {misfit}"))
    }
}

/// The size that a layer is made for.
#[derive(Clone)]
pub struct Wanted {
    /// Nothing if it is `_`, or not understood, which is told.
    pub size: Option<Poly>,
    /// Whether it is `_`.
    pub is_inferred: bool,
    /// The argument.
    pub span: Span,
}
