//! Losses of probabilities, with weights.

use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, LogitsOptions, Reduction};
use crate::nn::Buffer;
use crate::nn::dynamic::members;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// `-weight (target log(input) + (1 - target) log(1 - input))` for probabilities; logarithms are held above -100. PyTorch's `BCELoss`.
///
/// ```
/// use tensor::dynamic::BceLoss;
/// use tensor::prelude::*;
/// let (input, target) = (Tensor::<Dynamic>::full_of(0.5, &[3])?, Tensor::ones_of(&[3])?);
/// assert!((BceLoss::default().forward(&input, &target)?.item()? - 2f32.ln()).abs() < 1e-6);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct BceLoss<T: Float = f32> {
    /// How much each element counts, broadcast. All alike.
    pub weight: Option<Buffer<Dynamic, T>>,
    /// What becomes of the losses of the elements. Their mean.
    pub reduction: Reduction,
}

impl<T: Float> Default for BceLoss<T> {
    fn default() -> Self {
        Self {
            weight: None,
            reduction: Reduction::Mean,
        }
    }
}

members!([T: Float] BceLoss<T> { weight });

impl<T: Float> BceLoss<T> {
    /// The loss, recorded for `backward`.
    ///
    /// # Errors
    /// Where the sizes differ, or `input` is not from 0 to 1.
    pub fn forward(&self, input: &Tensor<Dynamic, T>, target: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let weight = self.weight.as_ref().map(Buffer::get);
        functional::binary_cross_entropy(input, target, weight.as_ref(), self.reduction)
    }
}

/// [`BceLoss`] of `sigmoid(input)`, computed without the detour; targets of 1 count `pos_weight` times. PyTorch's `BCEWithLogitsLoss`.
///
/// ```
/// use tensor::dynamic::BceWithLogitsLoss;
/// use tensor::prelude::*;
/// let (input, target) = (Tensor::<Dynamic>::zeros_of(&[3])?, Tensor::ones_of(&[3])?);
/// assert!((BceWithLogitsLoss::default().forward(&input, &target)?.item()? - 2f32.ln()).abs() < 1e-6);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct BceWithLogitsLoss<T: Float = f32> {
    /// How much each element counts, broadcast. All alike.
    pub weight: Option<Buffer<Dynamic, T>>,
    /// How much targets of 1 count, broadcast. As those of 0.
    pub pos_weight: Option<Buffer<Dynamic, T>>,
    /// What becomes of the losses of the elements. Their mean.
    pub reduction: Reduction,
}

impl<T: Float> Default for BceWithLogitsLoss<T> {
    fn default() -> Self {
        Self {
            weight: None,
            pos_weight: None,
            reduction: Reduction::Mean,
        }
    }
}

members!([T: Float] BceWithLogitsLoss<T> { weight, pos_weight });

impl<T: Float> BceWithLogitsLoss<T> {
    /// The loss, recorded for `backward`.
    ///
    /// # Errors
    /// Where the sizes differ.
    pub fn forward(&self, input: &Tensor<Dynamic, T>, target: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let [weight, pos_weight] = [&self.weight, &self.pos_weight].map(|each| each.as_ref().map(Buffer::get));
        let options = LogitsOptions {
            weight: weight.as_ref(),
            pos_weight: pos_weight.as_ref(),
            reduction: self.reduction,
        };
        functional::binary_cross_entropy_with_logits(input, target, options)
    }
}

/// The mean over the classes of [`BceWithLogitsLoss`], for input and target of `[batch, classes]` or `[classes]`.
///
/// ```
/// use tensor::dynamic::MultiLabelSoftMarginLoss;
/// use tensor::prelude::*;
/// let (input, target) = (Tensor::<Dynamic>::zeros_of(&[2, 3])?, Tensor::ones_of(&[2, 3])?);
/// assert!((MultiLabelSoftMarginLoss::default().forward(&input, &target)?.item()? - 2f32.ln()).abs() < 1e-6);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MultiLabelSoftMarginLoss<T: Float = f32> {
    /// How much each class counts. All alike.
    pub weight: Option<Buffer<Dynamic, T>>,
    /// What becomes of the losses. Their mean.
    pub reduction: Reduction,
}

impl<T: Float> Default for MultiLabelSoftMarginLoss<T> {
    fn default() -> Self {
        Self {
            weight: None,
            reduction: Reduction::Mean,
        }
    }
}

members!([T: Float] MultiLabelSoftMarginLoss<T> { weight });

impl<T: Float> MultiLabelSoftMarginLoss<T> {
    /// The loss, recorded for `backward`.
    ///
    /// # Errors
    /// Where the sizes differ.
    pub fn forward(&self, input: &Tensor<Dynamic, T>, target: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let weight = self.weight.as_ref().map(Buffer::get);
        functional::multilabel_soft_margin_loss(input, target, weight.as_ref(), self.reduction)
    }
}
