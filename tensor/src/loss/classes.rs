//! Losses of scores of classes, over the tape.

use super::{Logits, same_rows};
use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, MultiMarginOptions, NllOptions};
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// Which of them.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum OfClasses {
    Nll,
    MultiMargin,
}

impl OfClasses {
    pub(crate) fn of<T: Float>(
        self,
        scores: &Tensor<Dynamic, T>,
        labels: &Tensor<Dynamic, i64>,
    ) -> Result<Tensor<Dynamic, T>> {
        let name = match self {
            Self::Nll => "nll_loss",
            Self::MultiMargin => "multi_margin_loss",
        };
        same_rows(name, scores.sizes(), labels.sizes())?;
        let classes = scores.sizes().last().copied().unwrap_or(1);
        // The classes are the last axis here, and the second one there.
        let rows = Tensor::of(scores.value().reshape(&[labels.len(), classes]));
        let labels = Tensor::of(labels.value().reshape(&[labels.len()]));
        match self {
            Self::Nll => functional::nll_loss(&rows, &labels, NllOptions::default()),
            Self::MultiMargin => functional::multi_margin_loss(&rows, &labels, MultiMarginOptions::default()),
        }
    }
}

/// `mean over rows of -scores[label]`, of scores that are logarithms of probabilities, as `log_softmax` makes them.
///
/// `scores`: `[.., classes]`; `labels`: `[..]`, integers from 0 on. Of tensors whose sizes are types, a label that is no class makes a tensor
/// that carries the error.
///
/// ```
/// use tensor::loss::nll_loss;
/// use tensor::prelude::*;
/// assert_eq!(nll_loss(&tensor![[-1., -2.], [-3., -4.]], &tensor![0, 1]).item()?, 2.5);
/// net! { type Net = linear(4, 3) >> log_softmax }
/// let step = Net::new(&Device::cpu(), Seed(0)).compile(nll_loss, Sgd::new(0.1));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn nll_loss<P: Logits>(scores: &P, labels: &P::Labels) -> P::Loss {
    scores.of_classes(labels, OfClasses::Nll)
}

/// `mean over rows of the sum over other classes of max(0, 1 - scores[label] + scores[class]) / classes`.
///
/// `scores`: `[.., classes]`; `labels`: `[..]`, integers from 0 on.
///
/// ```
/// use tensor::loss::multi_margin_loss;
/// use tensor::prelude::*;
/// assert_eq!(multi_margin_loss(&tensor![[1., 0.5]], &tensor![0]).item()?, 0.25);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn multi_margin_loss<P: Logits>(scores: &P, labels: &P::Labels) -> P::Loss {
    scores.of_classes(labels, OfClasses::MultiMargin)
}
