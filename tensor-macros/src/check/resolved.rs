//! What a layer is, in terms of operations.

use proc_macro2::Span;
use syn::Path;
use tensor_ops::{Poly, Unary};

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
    /// `identity`.
    Identity,
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
            Resolved::Flatten | Resolved::Identity | Resolved::Broken => false,
        }
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
