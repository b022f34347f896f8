//! Which backward rule belongs to a recorded operation. The rules themselves stand beside the operations in `ops`.

use smallvec::SmallVec;
use tensor_ops::{Binary, Reduce, Unary};

use crate::error::Result;
use crate::kernels::chain::Random;
use crate::model::Recorded;
use crate::ops;
use crate::tape::{Saved, Track};
use crate::tensors::Value;

/// The gradient of each input; `None` where there is none or nobody wants it.
pub(crate) type Gradients = SmallVec<[Option<Value>; 3]>;

/// A recorded operation with its attributes.
#[derive(Debug)]
pub(crate) enum Rule {
    Unary(Unary, Option<Random>),
    Binary(Binary),
    Reduce(Reduce),
    MatMul,
    Linear,
    Softmax,
    LogSoftmax,
    LayerNorm,
    Reshape,
    Transpose(usize, usize),
    Broadcast,
    /// A loss whose gradient was computed with its value.
    Loss,
    /// A generated model.
    Model(Recorded),
}

impl Rule {
    pub(crate) fn backward(self, inputs: &[Track], saved: &Saved, gradient: Value) -> Result<Gradients> {
        let wants = |index: usize| inputs.get(index).is_some_and(Track::is_tracked);
        Ok(match self {
            Self::Unary(op, random) => ops::unary::backward(op, random, saved, &gradient),
            Self::Binary(op) => ops::binary::backward(op, wants, saved, &gradient),
            Self::Reduce(op) => ops::reduce::backward(op, saved, &gradient),
            Self::MatMul => ops::matmul::backward(wants, saved, &gradient),
            Self::Linear => ops::linear::backward(wants, saved, &gradient),
            Self::Softmax => ops::softmax::backward(saved, &gradient),
            Self::LogSoftmax => ops::softmax::log_backward(saved, &gradient),
            Self::LayerNorm => ops::layer_norm::backward(wants, saved, &gradient),
            Self::Reshape => ops::view::reshape_backward(saved, &gradient),
            Self::Transpose(a, b) => ops::view::transpose_backward(a, b, &gradient),
            Self::Broadcast => ops::view::broadcast_backward(saved, &gradient),
            Self::Loss => ops::loss::backward(saved, &gradient),
            Self::Model(recorded) => recorded.backward(&gradient, wants(0))?,
        })
    }
}
