//! Losses of yes and no.

use smallvec::smallvec;
use tensor_ops::{Compare, Math};

use super::{Reduction, narrow, same_sizes, weighted, wide};
use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::layout::broadcast;
use crate::ops::clamp;
use crate::shape::Dynamic;
use crate::tape::{Rule, Value, no_grad, record};
use crate::tensors::Tensor;

/// Logarithms of probabilities are not below this, so that what is certainly wrong has a loss.
const LEAST_LOG: f64 = -100.0;
/// What a gradient is divided by is not below this.
const LEAST_DIVISOR: f64 = 1e-12;

/// The options of [`binary_cross_entropy_with_logits`].
#[derive(Debug)]
pub struct LogitsOptions<'a, T: Differentiable> {
    /// A factor for each loss; it broadcasts.
    pub weight: Option<&'a Tensor<Dynamic, T>>,
    /// A factor for the part of each positive target; it broadcasts.
    pub pos_weight: Option<&'a Tensor<Dynamic, T>>,
    /// What becomes of the losses of the elements.
    pub reduction: Reduction,
}

impl<T: Differentiable> Default for LogitsOptions<'_, T> {
    fn default() -> Self {
        Self {
            weight: None,
            pos_weight: None,
            reduction: Reduction::Mean,
        }
    }
}

/// The losses of probabilities. The gradient has a rule of its own: through the clamped logarithms, it would be NaN at 0 and 1.
fn of_probabilities(input: &Value, target: &Value) -> Result<Value> {
    let name = "binary_cross_entropy";
    same_sizes(name, "a target", input, target)?;
    within(input)?;
    let losses = no_grad(|| {
        let no = clamp::between(&input.neg().math(Math::Log1p), Some(LEAST_LOG), None);
        let yes = clamp::between(&input.log(), Some(LEAST_LOG), None);
        target.affine(1.0, -1.0).mul(&no)?.sub(&target.mul(&yes)?)
    })?;
    let rule = || {
        Rule::own(|step| {
            let (input, target, d) = (&step.saved[0], &step.saved[1], step.gradient);
            let d_input = || {
                let divisor = clamp::between(&input.affine(-1.0, 1.0).mul(input)?, Some(LEAST_DIVISOR), None);
                d.mul(&input.sub(target)?)?.div(&divisor)
            };
            let d_target = || d.mul(&input.neg().math(Math::Log1p).sub(&input.log())?);
            Ok(smallvec![
                step.wants(0).then(d_input).transpose()?,
                step.wants(1).then(d_target).transpose()?
            ])
        })
    };
    Ok(record(name, losses.detach(), [input, target], rule, |_| {
        smallvec![input.clone(), target.clone()]
    }))
}

/// That all numbers are probabilities.
fn within(input: &Value) -> Result<()> {
    // A NaN is let through, to be seen in the loss.
    let below = input.compare_to(Compare::Lt, 0.0).total();
    let above = input.compare_to(Compare::Gt, 1.0).total();
    let outside = below.item::<i64>(below.offset)? + above.item::<i64>(above.offset)?;
    if outside == 0 {
        return Ok(());
    }
    Err(Error::argument(
        "input",
        "numbers from 0 to 1",
        format!("{outside} outside"),
    ))
}

fn of_logits(input: &Value, target: &Value, weight: Option<&Value>, positives: Option<&Value>) -> Result<Value> {
    let name = "binary_cross_entropy_with_logits";
    same_sizes(name, "a target", input, target)?;
    let log = input.math(Math::LogSigmoid);
    // (1 - target) input - (1 + (positives - 1) target) logsigmoid(input)
    let log = match positives {
        Some(positives) => {
            let factor = positives.expand(name, input.sizes())?.affine(1.0, -1.0);
            log.mul(&factor.mul(target)?.affine(1.0, 1.0))?
        }
        None => log,
    };
    let losses = target.affine(-1.0, 1.0).mul(input)?.sub(&log)?;
    weighted(name, losses, weight)
}

fn multilabel(input: &Value, target: &Value, weight: Option<&Value>) -> Result<Value> {
    let name = "multilabel_soft_margin_loss";
    same_sizes(name, "a target", input, target)?;
    let Some(last) = input.layout.rank().checked_sub(1) else {
        return Err(Error::shape(name, "an input with an axis of classes", "a scalar"));
    };
    let yes = target.mul(&input.math(Math::LogSigmoid))?;
    let no = target.affine(-1.0, 1.0).mul(&input.neg().math(Math::LogSigmoid))?;
    let losses = weighted(name, yes.add(&no)?.neg(), weight)?;
    Ok(losses.mean(&[last], false))
}

/// `-target log(input) - (1 - target) log(1 - input)` for probabilities from 0 to 1, times the weight, reduced. Logarithms are not below
/// -100. Target and input have the same sizes, to which the weight is stretched.
///
/// # Errors
/// Where sizes do not fit, or a probability is below 0 or above 1.
///
/// ```
/// use tensor::functional::{Reduction, binary_cross_entropy};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![0., 1.]), Tensor::from(vec![1., 1.]));
/// assert_eq!(binary_cross_entropy(&x, &target, None, Reduction::None)?.to_vec()?, [100., 0.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn binary_cross_entropy<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    weight: Option<&Tensor<Dynamic, T>>,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T>> {
    let losses = of_probabilities(&wide(input), &wide(target))?;
    let losses = weighted("binary_cross_entropy", losses, weight.map(wide).as_ref())?;
    Ok(narrow::<T>(&reduction.of(&losses)))
}

/// [`binary_cross_entropy`] of `sigmoid(input)`, computed without the detour, so that no logarithm is cut off. Target and input have the
/// same sizes, to which the weights are stretched.
///
/// # Errors
/// Where sizes do not fit.
///
/// ```
/// use tensor::functional::{LogitsOptions, binary_cross_entropy_with_logits};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![0., -200.]), Tensor::from(vec![0., 1.]));
/// let loss = binary_cross_entropy_with_logits(&x, &target, LogitsOptions::default())?;
/// assert_eq!(loss.to_vec()?, [(2f32.ln() + 200.) / 2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn binary_cross_entropy_with_logits<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    options: LogitsOptions<'_, T>,
) -> Result<Tensor<Dynamic, T>> {
    let (weight, positives) = (options.weight.map(wide), options.pos_weight.map(wide));
    let losses = of_logits(&wide(input), &wide(target), weight.as_ref(), positives.as_ref())?;
    Ok(narrow::<T>(&options.reduction.of(&losses)))
}

/// `log(1 + exp(-target input))` for targets of 1 and -1, reduced; the sizes broadcast.
///
/// It does not overflow, where PyTorch's gives infinity for products below -88.
///
/// # Errors
/// Where sizes do not broadcast.
///
/// ```
/// use tensor::functional::{Reduction, soft_margin_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![0., 100.]), Tensor::from(vec![1., -1.]));
/// assert_eq!(soft_margin_loss(&x, &target, Reduction::None)?.to_vec()?, [2f32.ln(), 100.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn soft_margin_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T>> {
    let (input, target) = (wide(input), wide(target));
    broadcast("soft_margin_loss", input.sizes(), target.sizes())?;
    let losses = target.mul(&input)?.math(Math::LogSigmoid).neg();
    Ok(narrow::<T>(&reduction.of(&losses)))
}

/// The mean over the last axis, the classes, of `-target logsigmoid(input) - (1 - target) logsigmoid(-input)`, times the weight, reduced.
/// Target and input have the same sizes, to which the weight is stretched.
///
/// # Errors
/// Where sizes do not fit.
///
/// ```
/// use tensor::functional::{Reduction, multilabel_soft_margin_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![0., 0.]), Tensor::from(vec![1., 0.]));
/// assert_eq!(multilabel_soft_margin_loss(&x, &target, None, Reduction::Mean)?.to_vec()?, [2f32.ln()]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn multilabel_soft_margin_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    weight: Option<&Tensor<Dynamic, T>>,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T>> {
    let losses = multilabel(&wide(input), &wide(target), weight.map(wide).as_ref())?;
    Ok(narrow::<T>(&reduction.of(&losses)))
}
