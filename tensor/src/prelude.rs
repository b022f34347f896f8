//! What a program that uses the library needs: `use tensor::prelude::*;`. It exports no `Result` and no `Error`.

pub use crate::data::{self, Dataset};
pub use crate::dynamic::{Layer as _, Module as _};
pub use crate::layers::*;
pub use crate::schedule::Schedule;
pub use crate::shape::{Axes, KeptAxes};
pub use crate::{
    Adam, AdamW, Batch, Buffer, CatTensors, Device, Dim, Dynamic, EinsumTensors, Element, Ema, Float, Index,
    JoinTensors, Mapping, Model, MultiDot, NewAxis, Optimizer, Parameter, Seed, Sgd, Shape, StackTensors, Step, Tensor,
    Trainable, accuracy, clip_grad_norm, clip_grad_value, cross_entropy, declare_dims, dim, dims, i, manual_seed,
    model, mse_loss, net, no_grad,
};
// The macro alone: under this name the crate itself would come along.
pub use tensor_macros::tensor;
