//! Losses of classes.

use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, ClassOptions, Classes, MultiMarginOptions, NllOptions, Reduction};
use crate::nn::Buffer;
use crate::nn::dynamic::members;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// `-log(softmax(input)[target])` for `input` of `[batch, classes, ..]` or `[classes]`, with classes as numbers or as probabilities.
///
/// ```
/// use tensor::dynamic::CrossEntropyLoss;
/// use tensor::prelude::*;
/// let loss = CrossEntropyLoss { label_smoothing: 0.1, ..Default::default() };
/// let input = Tensor::<Dynamic>::zeros_of(&[3, 4])?;
/// let target = Tensor::<Dynamic, i64>::from_vec(vec![0, 3, 1], &[3])?;
/// assert!((loss.forward(&input, &target)?.item()? - 4f32.ln()).abs() < 1e-6);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CrossEntropyLoss<T: Float = f32> {
    /// How much each class counts. All alike.
    pub weight: Option<Buffer<Dynamic, T>>,
    /// The class that counts nothing. -100.
    pub ignore_index: i64,
    /// What becomes of the losses; the mean is weighted. Their mean.
    pub reduction: Reduction,
    /// How much of the target goes to all classes alike, from 0 to 1. 0.
    pub label_smoothing: f64,
}

impl<T: Float> Default for CrossEntropyLoss<T> {
    fn default() -> Self {
        Self {
            weight: None,
            ignore_index: -100,
            reduction: Reduction::Mean,
            label_smoothing: 0.0,
        }
    }
}

members!([T: Float] CrossEntropyLoss<T> { weight });

impl<T: Float> CrossEntropyLoss<T> {
    /// The loss, recorded for `backward`.
    ///
    /// # Errors
    /// Where the sizes do not fit, or there is no such class.
    pub fn forward<'a>(
        &self,
        input: &Tensor<Dynamic, T>,
        target: impl Into<Classes<'a, T>>,
    ) -> Result<Tensor<Dynamic, T>> {
        let weight = self.weight.as_ref().map(Buffer::get);
        let options = ClassOptions {
            weight: weight.as_ref(),
            ignore_index: self.ignore_index,
            reduction: self.reduction,
            label_smoothing: self.label_smoothing,
        };
        functional::cross_entropy(input, target, options)
    }
}

/// `-input[target]` for logarithms of probabilities, `[batch, classes, ..]` or `[classes]`. PyTorch's `NLLLoss`.
///
/// ```
/// use tensor::Buffer;
/// use tensor::dynamic::NllLoss;
/// use tensor::prelude::*;
/// let weight = Buffer::from_tensor(&Tensor::<Dynamic>::from_vec(vec![1., 3.], &[2])?)?;
/// let loss = NllLoss { weight: Some(weight), ..Default::default() };
/// let input = Tensor::<Dynamic>::from_vec(vec![-1., -5., -5., -2.], &[2, 2])?;
/// let target = Tensor::<Dynamic, i64>::from_vec(vec![0, 1], &[2])?;
/// assert_eq!(loss.forward(&input, &target)?.item()?, (1. + 3. * 2.) / 4.);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct NllLoss<T: Float = f32> {
    /// How much each class counts. All alike.
    pub weight: Option<Buffer<Dynamic, T>>,
    /// The class that counts nothing. -100.
    pub ignore_index: i64,
    /// What becomes of the losses; the mean is weighted. Their mean.
    pub reduction: Reduction,
}

impl<T: Float> Default for NllLoss<T> {
    fn default() -> Self {
        Self {
            weight: None,
            ignore_index: -100,
            reduction: Reduction::Mean,
        }
    }
}

members!([T: Float] NllLoss<T> { weight });

impl<T: Float> NllLoss<T> {
    /// The loss, recorded for `backward`.
    ///
    /// # Errors
    /// Where the sizes do not fit, or there is no such class.
    pub fn forward(&self, input: &Tensor<Dynamic, T>, target: &Tensor<Dynamic, i64>) -> Result<Tensor<Dynamic, T>> {
        let weight = self.weight.as_ref().map(Buffer::get);
        let options = NllOptions {
            weight: weight.as_ref(),
            ignore_index: self.ignore_index,
            reduction: self.reduction,
        };
        functional::nll_loss(input, target, options)
    }
}

/// The mean over the other classes of `max(0, margin - input[target] + input[other])^p`, for `input` of `[batch, classes]` or `[classes]`.
///
/// ```
/// use tensor::dynamic::MultiMarginLoss;
/// use tensor::prelude::*;
/// let input = Tensor::<Dynamic>::from_vec(vec![0.5, 0., 0.], &[3])?;
/// let target = Tensor::<Dynamic, i64>::from_vec(vec![0], &[])?;
/// assert!((MultiMarginLoss::default().forward(&input, &target)?.item()? - 1. / 3.).abs() < 1e-6);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MultiMarginLoss<T: Float = f32> {
    /// The power, 1 or 2. 1.
    pub p: u32,
    /// By how much the right class shall be larger. 1.
    pub margin: f64,
    /// How much each class counts. All alike.
    pub weight: Option<Buffer<Dynamic, T>>,
    /// What becomes of the losses. Their mean.
    pub reduction: Reduction,
}

impl<T: Float> Default for MultiMarginLoss<T> {
    fn default() -> Self {
        Self {
            p: 1,
            margin: 1.0,
            weight: None,
            reduction: Reduction::Mean,
        }
    }
}

members!([T: Float] MultiMarginLoss<T> { weight });

impl<T: Float> MultiMarginLoss<T> {
    /// The loss, recorded for `backward`.
    ///
    /// # Errors
    /// Where the sizes do not fit, there is no such class, or the power is another.
    pub fn forward(&self, input: &Tensor<Dynamic, T>, target: &Tensor<Dynamic, i64>) -> Result<Tensor<Dynamic, T>> {
        let weight = self.weight.as_ref().map(Buffer::get);
        let options = MultiMarginOptions {
            p: self.p,
            margin: self.margin,
            weight: weight.as_ref(),
            reduction: self.reduction,
        };
        functional::multi_margin_loss(input, target, options)
    }
}

/// The mean over the right and the other classes of `max(0, 1 - input[right] + input[other])`, for `input` of `[batch, classes]` or
/// `[classes]`; the target lists the right classes, up to a -1.
///
/// ```
/// use tensor::dynamic::MultiLabelMarginLoss;
/// use tensor::prelude::*;
/// let input = Tensor::<Dynamic>::from_vec(vec![1., 0.], &[2])?;
/// let target = Tensor::<Dynamic, i64>::from_vec(vec![0, -1], &[2])?;
/// assert_eq!(MultiLabelMarginLoss::default().forward(&input, &target)?.item()?, 0.);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MultiLabelMarginLoss {
    /// What becomes of the losses. Their mean.
    pub reduction: Reduction,
}

members!(MultiLabelMarginLoss {});

impl MultiLabelMarginLoss {
    /// The loss, recorded for `backward`.
    ///
    /// # Errors
    /// Where the sizes do not fit, or there is no such class.
    pub fn forward<T: Float>(
        &self,
        input: &Tensor<Dynamic, T>,
        target: &Tensor<Dynamic, i64>,
    ) -> Result<Tensor<Dynamic, T>> {
        functional::multilabel_margin_loss(input, target, self.reduction)
    }
}
