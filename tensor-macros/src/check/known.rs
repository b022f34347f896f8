//! [`Known`]: a value on its way, and who set its sizes.

use tensor_ops::Shape;

/// The value that the next layer takes.
pub(super) enum Current {
    /// Nothing has said what the input is.
    Missing,
    /// Something before was wrong.
    Unknown,
    Known(Known),
}

/// A value whose shape is known.
#[derive(Clone)]
pub(super) struct Known {
    /// Its number, as in [`LayerFact::inputs`].
    pub(super) value: usize,
    /// Batch first.
    pub(super) shape: Shape,
    /// Who set the size of each axis.
    pub(super) makers: Vec<Producer>,
    /// How the sizes behind the channels came about: `` `conv2d(32, 64, 3)` gives [64, 24, 24]: (26 + 2*0 - 3)/1 + 1 = 24 ``.
    pub(super) arithmetic: Option<String>,
}

/// Who set the size of an axis.
#[derive(Clone, Copy)]
pub(super) enum Producer {
    /// One of the model's inputs.
    Input(usize),
    Leaf(usize),
    /// `cat` or `split`, along its axis.
    Function(&'static str),
}
