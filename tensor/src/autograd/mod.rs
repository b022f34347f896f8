//! Differentiation beyond [`Tensor::backward`](crate::Tensor::backward): gradients of chosen tensors ([`grad`]), of any order ([`Options::create_graph`]), Jacobians and
//! Hessians, operations with a gradient of the user's own ([`Function`]), memory for time ([`checkpoint`]), and checks
//! ([`gradcheck`], [`detect_anomaly`]).
//!
//! PyTorch's `torch.autograd`, `torch.func` and `torch.utils.checkpoint`.

mod checkpoint;
mod derivatives;
mod function;
mod grad;
mod gradcheck;

pub use checkpoint::checkpoint;
pub use derivatives::{hessian, hvp, jacobian, jvp, vjp};
pub use function::{Context, Function, apply};
pub use grad::{Options, backward, grad, grad_with};
pub use gradcheck::{Tolerance, gradcheck, gradgradcheck};

pub use crate::tape::{detect_anomaly, enable_grad, no_grad};
