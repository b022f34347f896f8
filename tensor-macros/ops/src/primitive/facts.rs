//! What is known of a primitive beside its name: what it makes, what its backward reads, which axis it is made for.

use crate::{Poly, Shape};

/// What a primitive makes of its operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The shape, batch first.
    pub shape: Shape,
    /// How its sizes come about, where that is arithmetic: `(26 + 2*0 - 3)/1 + 1 = 24`.
    pub steps: Vec<String>,
}

impl Made {
    pub(super) fn plain(shape: Shape) -> Self {
        Made {
            shape,
            steps: Vec::new(),
        }
    }
}

/// What the backward of a primitive reads beside the gradient and what forward kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// All inputs.
    pub inputs: bool,
    /// The output.
    pub output: bool,
    /// All parameters.
    pub parameters: bool,
}

impl Needs {
    pub(super) const NOTHING: Self = Self {
        inputs: false,
        output: false,
        parameters: false,
    };
    pub(super) const INPUTS: Self = Self {
        inputs: true,
        ..Self::NOTHING
    };
    pub(super) const INPUTS_AND_PARAMETERS: Self = Self {
        parameters: true,
        ..Self::INPUTS
    };
}

/// Which axis of the input a layer is made for, where it has parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// The one behind the batch.
    Channels,
    /// The last.
    Last,
}

impl Features {
    /// The axis of a shape.
    pub fn axis(self, x: &Shape) -> usize {
        match self {
            Self::Channels => 1,
            Self::Last => x.axes().len() - 1,
        }
    }

    /// Its size.
    pub(super) fn of(self, x: &Shape) -> Poly {
        x.axes().get(self.axis(x)).cloned().unwrap_or_default()
    }
}
