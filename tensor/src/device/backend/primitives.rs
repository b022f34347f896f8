//! Operations over blocks of several axes, as planned programs call them.

use tensor_ops::Primitive;

use crate::device::{Block, Gradient};

/// A primitive forwards.
#[derive(Clone, Copy, Debug)]
pub struct PrimitiveForward<'a> {
    /// Which, with its attributes.
    pub primitive: &'a Primitive,
    /// What it takes.
    pub inputs: &'a [Block<'a>],
    /// What it has learned.
    pub parameters: &'a [Block<'a>],
    /// What it keeps beside: running statistics.
    pub buffers: &'a [Block<'a>],
    /// Where those go that replace them; empty where they stay as they are, and serve.
    pub updated: &'a [Block<'a>],
    /// Whether it trains.
    pub training: bool,
    /// Where its result goes.
    pub out: Block<'a>,
    /// Where goes what backward wants to know; empty where there is none, and in inference.
    pub kept: &'a [Block<'a>],
}

/// What a backward reads of its forward: each is empty where the primitive does not need it.
#[derive(Clone, Copy, Debug)]
pub struct Saved<'a> {
    /// What forward took.
    pub inputs: &'a [Block<'a>],
    /// What it made.
    pub out: Option<Block<'a>>,
    /// What it kept.
    pub kept: &'a [Block<'a>],
    /// What it had learned.
    pub parameters: &'a [Block<'a>],
}

/// A primitive backwards.
#[derive(Clone, Copy, Debug)]
pub struct PrimitiveBackward<'a> {
    /// Which, with its attributes.
    pub primitive: &'a Primitive,
    /// What forward left.
    pub saved: Saved<'a>,
    /// Whether forward trained.
    pub training: bool,
    /// The gradient of the result.
    pub d_out: Block<'a>,
    /// Where the gradients of the inputs go, as far as they are wanted. They are set.
    pub d_inputs: &'a [Option<Block<'a>>],
    /// Where those of the parameters go.
    pub d_parameters: &'a [Gradient<'a>],
}

/// What goes over blocks of several axes: a backend matches the closed set of them.
pub trait Primitives {
    /// The result.
    fn primitive(&self, step: PrimitiveForward<'_>);
    /// The gradients.
    fn primitive_backward(&self, step: PrimitiveBackward<'_>);
}
