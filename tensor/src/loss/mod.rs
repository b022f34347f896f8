//! Losses: how far a prediction is from what was wanted, as one number.
//!
//! A loss is written over what it is given: a recorded [`Tensor`], or the `Planned` output of a compiled
//! step. So one name serves both: `cross_entropy(&logits, &labels)` and `model.compile(cross_entropy, ..)`.

use crate::element::Float;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops;
use crate::shape::{Dynamic, LastAxis};
use crate::tensors::Tensor;

/// Scores of classes, along the last axis.
pub trait Logits {
    /// A class for each row.
    type Labels;
    /// The loss.
    type Loss;
    #[doc(hidden)]
    fn cross_entropy(&self, labels: &Self::Labels) -> Self::Loss;
}

/// Numbers to be compared with others.
pub trait Prediction {
    /// What was wanted.
    type Target;
    /// The loss.
    type Loss;
    #[doc(hidden)]
    fn mse_loss(&self, target: &Self::Target) -> Self::Loss;
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
        match same_rows(self.sizes(), labels.sizes()) {
            Ok(()) => Tensor::of(ops::loss::cross_entropy(self.value(), labels.value())),
            Err(error) => panic!("{error}"),
        }
    }
}

impl<S: LastAxis, T: Float> Prediction for Tensor<S, T> {
    type Target = Self;
    type Loss = Tensor<(), T>;

    #[track_caller]
    fn mse_loss(&self, target: &Self) -> Self::Loss {
        match same_sizes(self.sizes(), target.sizes()) {
            Ok(()) => Tensor::of(ops::loss::mse(self.value(), target.value())),
            Err(error) => panic!("{error}"),
        }
    }
}

impl<T: Float> Logits for Tensor<Dynamic, T> {
    type Labels = Tensor<Dynamic, i64>;
    type Loss = Result<Tensor<(), T>>;

    fn cross_entropy(&self, labels: &Self::Labels) -> Self::Loss {
        same_rows(self.sizes(), labels.sizes())?;
        Ok(Tensor::of(ops::loss::cross_entropy(self.value(), labels.value())))
    }
}

impl<T: Float> Prediction for Tensor<Dynamic, T> {
    type Target = Self;
    type Loss = Result<Tensor<(), T>>;

    fn mse_loss(&self, target: &Self) -> Self::Loss {
        same_sizes(self.sizes(), target.sizes())?;
        Ok(Tensor::of(ops::loss::mse(self.value(), target.value())))
    }
}

pub(crate) fn same_rows(logits: &[usize], labels: &[usize]) -> Result<()> {
    match logits.split_last() {
        Some((_, rows)) if rows == labels => Ok(()),
        Some((_, rows)) => Err(Error::shape(
            "cross_entropy",
            format!("labels of {} for logits of {}", describe(rows), describe(logits)),
            describe(labels),
        )),
        None => Err(Error::shape(
            "cross_entropy",
            "logits with an axis of classes",
            "a scalar",
        )),
    }
}

pub(crate) fn same_sizes(prediction: &[usize], target: &[usize]) -> Result<()> {
    if prediction == target {
        return Ok(());
    }
    Err(Error::shape(
        "mse_loss",
        format!("a target of {}", describe(prediction)),
        describe(target),
    ))
}
