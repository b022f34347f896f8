//! Losses: how far a prediction is from what was wanted, as one number.
//!
//! A loss is written over what it is given: a recorded [`Tensor`], or the `Planned` output of a compiled
//! step. So one name serves both: `cross_entropy(&logits, &labels)` and `model.compile(cross_entropy, ..)`. These are means over all elements,
//! with PyTorch's defaults. [`cross_entropy`] and [`mse_loss`] have kernels that compute their gradient beside the value; the others go over the tape from the
//! model's outputs on, in a compiled step too, whose forward and backward stay as they are generated.
//!
//! A loss of one's own, or with other options, is a function of the outputs and what they are compared with. Each output is a tensor by
//! its method `tensor`, and has the methods of tensors; several are a tuple. What they are compared with is a tensor with
//! [`Batch`](crate::Batch) in front, a tuple of such, or `()`.
//!
//! ```
//! use tensor::prelude::*;
//! use tensor::reduction::Sum;
//!
//! #[model]
//! #[forward(|x: [4]| {
//!     let mean = mean(x);
//!     let log_var = log_var(x);
//!     (decode(mean + exp(0.5 * log_var) * randn_like(mean)), mean, log_var)
//! })]
//! struct Vae {
//!     mean: Linear<4, 2>,
//!     log_var: Linear<4, 2>,
//!     decode: Linear<2, 4>,
//! }
//!
//! let mut step = Vae::new(&Device::cpu(), Seed(0)).compile(
//!     |(out, mean, log_var), x: &Tensor<dims![Batch, 4]>| -> tensor::Result<_> {
//!         let (mean, log_var) = (mean.tensor(), log_var.tensor());
//!         let divergence = (log_var.exp() + &mean * &mean - &log_var - 1.).sum() * 0.5;
//!         Ok(out.tensor().mse_loss(x, Sum)? + divergence)
//!     },
//!     Adam::new(1e-2),
//! );
//! let x = tensor![[1., 0., -1., 0.]];
//! let first = step.run(&x, &x)?;
//! # let mut last = first;
//! # for _ in 0..100 {
//! #     last = step.run(&x, &x)?;
//! # }
//! # assert!(last < first);
//! # Ok::<(), tensor::Error>(())
//! ```

mod classes;
mod elements;

pub use classes::{OfClasses, multi_margin_loss, nll_loss};
pub use elements::{
    OfElements, binary_cross_entropy, binary_cross_entropy_with_logits, hinge_embedding_loss, huber_loss, kl_div,
    l1_loss, multilabel_soft_margin_loss, poisson_nll_loss, smooth_l1_loss, soft_margin_loss,
};

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops;
use crate::shape::{Dynamic, LastAxis};
use crate::tape::Value;
use crate::tensors::Tensor;

/// Scores of classes, along the last axis.
#[diagnostic::on_unimplemented(
    message = "this loss compares one tensor, or one output of a model, with classes, found `{Self}`",
    label = "takes one output",
    note = "of several outputs write a function: `|(a, b), labels| cross_entropy(a, labels)`"
)]
pub trait Logits {
    /// A class for each row.
    type Labels;
    /// The loss.
    type Loss;
    #[doc(hidden)]
    fn cross_entropy(&self, labels: &Self::Labels) -> Self::Loss;
    #[doc(hidden)]
    fn of_classes(&self, labels: &Self::Labels, loss: OfClasses) -> Self::Loss;
}

/// Numbers to be compared with others.
#[diagnostic::on_unimplemented(
    message = "this loss compares one tensor, or one output of a model, with numbers, found `{Self}`",
    label = "takes one output",
    note = "of several outputs write a function: `|(a, b), target| mse_loss(a, target)`"
)]
pub trait Prediction {
    /// What was wanted.
    type Target;
    /// The loss.
    type Loss;
    #[doc(hidden)]
    fn mse_loss(&self, target: &Self::Target) -> Self::Loss;
    #[doc(hidden)]
    fn of_elements(&self, target: &Self::Target, loss: OfElements) -> Self::Loss;
}

/// `mean over rows of -log_softmax(logits)[label]`.
///
/// `logits`: `[.., classes]`; `labels`: `[..]`, integers from 0 on. A label that is no class makes a tensor that carries the
/// error; the mean over no row is NaN, as in PyTorch.
///
/// ```
/// use tensor::prelude::*;
/// let logits = tensor![[0., 0.], [0., 0.]];
/// let loss = cross_entropy(&logits, &tensor![0, 1]);
/// assert!((loss.item()? - 2f32.ln()).abs() < 1e-6);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn cross_entropy<P: Logits>(logits: &P, labels: &P::Labels) -> P::Loss {
    logits.cross_entropy(labels)
}

/// `mean((prediction - target)^2)`, over all elements.
///
/// ```
/// use tensor::prelude::*;
/// let loss = mse_loss(&tensor![1., 2.], &tensor![1., 4.]);
/// assert_eq!(loss.item()?, 2.);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn mse_loss<P: Prediction>(prediction: &P, target: &P::Target) -> P::Loss {
    prediction.mse_loss(target)
}

impl<S: LastAxis, T: Float> Logits for Tensor<S, T> {
    type Labels = Tensor<S::Rest, i64>;
    type Loss = Tensor<(), T>;

    #[track_caller]
    fn cross_entropy(&self, labels: &Self::Labels) -> Self::Loss {
        match same_rows("cross_entropy", self.sizes(), labels.sizes()) {
            Ok(()) => Tensor::of(ops::loss::cross_entropy(self.value(), labels.value())),
            Err(error) => panic!("{error}"),
        }
    }

    #[track_caller]
    fn of_classes(&self, labels: &Self::Labels, loss: OfClasses) -> Self::Loss {
        typed(loss.of(&Tensor::of(self.value().clone()), &Tensor::of(labels.value().clone())))
    }
}

impl<S: LastAxis, T: Float> Prediction for Tensor<S, T> {
    type Target = Self;
    type Loss = Tensor<(), T>;

    #[track_caller]
    fn mse_loss(&self, target: &Self) -> Self::Loss {
        match same_sizes("mse_loss", self.sizes(), target.sizes()) {
            Ok(()) => Tensor::of(ops::loss::mse(self.value(), target.value())),
            Err(error) => panic!("{error}"),
        }
    }

    #[track_caller]
    fn of_elements(&self, target: &Self, loss: OfElements) -> Self::Loss {
        typed(loss.of(&Tensor::of(self.value().clone()), &Tensor::of(target.value().clone())))
    }
}

/// A loss of typed tensors: what does not fit is a panic, as everywhere with them; what else fails is in the tensor.
#[track_caller]
fn typed<T: Float>(loss: Result<Tensor<Dynamic, T>>) -> Tensor<(), T> {
    match loss {
        Ok(loss) => Tensor::of(loss.value().clone()),
        Err(error @ Error::Shape { .. }) => panic!("{error}"),
        Err(error) => Tensor::of(Value::poisoned(Device::cpu(), T::DTYPE, &[], error)),
    }
}

impl<T: Float> Logits for Tensor<Dynamic, T> {
    type Labels = Tensor<Dynamic, i64>;
    type Loss = Result<Tensor<(), T>>;

    fn cross_entropy(&self, labels: &Self::Labels) -> Self::Loss {
        same_rows("cross_entropy", self.sizes(), labels.sizes())?;
        Ok(Tensor::of(ops::loss::cross_entropy(self.value(), labels.value())))
    }

    fn of_classes(&self, labels: &Self::Labels, loss: OfClasses) -> Self::Loss {
        loss.of(self, labels).map(|loss| Tensor::of(loss.value().clone()))
    }
}

impl<T: Float> Prediction for Tensor<Dynamic, T> {
    type Target = Self;
    type Loss = Result<Tensor<(), T>>;

    fn mse_loss(&self, target: &Self) -> Self::Loss {
        same_sizes("mse_loss", self.sizes(), target.sizes())?;
        Ok(Tensor::of(ops::loss::mse(self.value(), target.value())))
    }

    fn of_elements(&self, target: &Self, loss: OfElements) -> Self::Loss {
        loss.of(self, target).map(|loss| Tensor::of(loss.value().clone()))
    }
}

pub(crate) fn same_rows(name: &'static str, logits: &[usize], labels: &[usize]) -> Result<()> {
    match logits.split_last() {
        Some((_, rows)) if rows == labels => Ok(()),
        Some((_, rows)) => Err(Error::shape(
            name,
            format!("labels of {} for logits of {}", describe(rows), describe(logits)),
            describe(labels),
        )),
        None => Err(Error::shape(name, "logits with an axis of classes", "a scalar")),
    }
}

pub(crate) fn same_sizes(name: &'static str, prediction: &[usize], target: &[usize]) -> Result<()> {
    if prediction == target {
        return Ok(());
    }
    Err(Error::shape(
        name,
        format!("a target of {}", describe(prediction)),
        describe(target),
    ))
}
