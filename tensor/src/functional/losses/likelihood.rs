//! Negative logarithms of the likelihood of counts and of normal numbers.

use std::f64::consts::PI;

use smallvec::smallvec;
use tensor_ops::Compare;

use super::{Reduction, narrow, wide};
use crate::element::{Differentiable, Element};
use crate::error::{Error, Result};
use crate::layout::{broadcast, describe};
use crate::ops::clamp;
use crate::shape::Dynamic;
use crate::tape::{Rule, Saved, Value, record};
use crate::tensors::Tensor;

/// The options of [`poisson_nll_loss`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoissonOptions {
    /// Whether the input is the logarithm of the rate, and not the rate.
    pub log_input: bool,
    /// Whether to add Stirling's approximation of `log(target!)`, for targets above 1.
    pub full: bool,
    /// What is added to a rate before its logarithm is taken.
    pub eps: f64,
    /// What becomes of the losses of the elements.
    pub reduction: Reduction,
}

impl Default for PoissonOptions {
    fn default() -> Self {
        Self {
            log_input: true,
            full: false,
            eps: 1e-8,
            reduction: Reduction::Mean,
        }
    }
}

/// The options of [`gaussian_nll_loss`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaussianOptions {
    /// Whether to add the constant `log(2 pi) / 2`.
    pub full: bool,
    /// The least variance: what is below counts as this.
    pub eps: f64,
    /// What becomes of the losses of the elements.
    pub reduction: Reduction,
}

impl Default for GaussianOptions {
    fn default() -> Self {
        Self {
            full: false,
            eps: 1e-6,
            reduction: Reduction::Mean,
        }
    }
}

fn poisson(input: &Value, target: &Value, options: PoissonOptions) -> Result<Value> {
    broadcast("poisson_nll_loss", input.sizes(), target.sizes())?;
    let losses = if options.log_input {
        input.exp().sub(&target.mul(input)?)?
    } else {
        input.sub(&target.mul(&input.affine(1.0, options.eps).log())?)?
    };
    if !options.full {
        return Ok(losses);
    }
    let many = target.compare_to(Compare::Gt, 1.0);
    // So that no logarithm of what has none comes into the gradient.
    let count = target.or_where_not(&many, 1.0)?;
    let twice = count.mul(&count.log())?.sub(&count)?;
    let stirling = twice.add(&count.scale(2.0 * PI).log().scale(0.5))?;
    losses.add(&stirling.or_where_not(&many, 0.0)?)
}

fn gaussian(input: &Value, target: &Value, variance: &Value, options: GaussianOptions) -> Result<Value> {
    let name = "gaussian_nll_loss";
    if options.eps.is_nan() || options.eps < 0.0 {
        return Err(Error::argument("eps", "a number from 0 on", options.eps));
    }
    broadcast(name, input.sizes(), target.sizes())?;
    let variance = fitting(name, input, variance)?;
    let variance = no_less(&variance, options.eps);
    let losses = variance.log().add(&input.sub(target)?.square().div(&variance)?)?;
    let constant = if options.full { 0.5 * (2.0 * PI).ln() } else { 0.0 };
    Ok(losses.affine(0.5, constant))
}

/// A variance as it meets the input: of its sizes, or with one axis for all, which is 1 or, at the end, missing.
fn fitting(name: &'static str, input: &Value, variance: &Value) -> Result<Value> {
    let (sizes, found) = (input.sizes(), variance.sizes());
    let negative = variance.compare_to(Compare::Lt, 0.0).total();
    let negative: i64 = negative.item(negative.offset)?;
    if negative > 0 {
        return Err(Error::argument(
            "variance",
            "numbers from 0 on",
            format!("{negative} negative ones"),
        ));
    }
    if found == sizes {
        return Ok(variance.clone());
    }
    if sizes.split_last().is_some_and(|(_, rows)| rows == found) {
        return Ok(variance.unsqueeze(found.len()));
    }
    let other = sizes.iter().zip(found).filter(|(size, found)| size != found);
    if sizes.len() == found.len() && other.map(|(_, found)| *found).eq([1]) {
        return Ok(variance.clone());
    }
    Err(Error::shape(
        name,
        format!("a variance for {}, of which one axis may be 1", describe(sizes)),
        describe(found),
    ))
}

/// `max(x, low)`, of which PyTorch takes the gradient as if it were `x`.
fn no_less(x: &Value, low: f64) -> Value {
    let held = clamp::between(&x.detach(), Some(low), None);
    let same = || Rule::Plain(|step| smallvec![Some(step.gradient.clone())]);
    record("gaussian_nll_loss", held, [x], same, |_| Saved::new())
}

/// `exp(input) - target input`, or, where the input is no logarithm, `input - target log(input + eps)`, reduced; the sizes broadcast.
///
/// # Errors
/// Where sizes do not broadcast.
///
/// ```
/// use tensor::functional::{PoissonOptions, poisson_nll_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![0., 0.]), Tensor::from(vec![1., 3.]));
/// assert_eq!(poisson_nll_loss(&x, &target, PoissonOptions::default())?.to_vec()?, [1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn poisson_nll_loss<T: Element>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    options: PoissonOptions,
) -> Result<Tensor<Dynamic, T::Float>> {
    let losses = poisson(&wide(input), &wide(target), options)?;
    Ok(narrow::<T>(&options.reduction.of(&losses)))
}

/// `(log(variance) + (input - target)^2 / variance) / 2`, reduced; input and target broadcast. The variance has the sizes of the input, or lacks
/// the last axis, or one axis of it is 1.
///
/// # Errors
/// Where sizes do not fit, or a variance is negative.
///
/// ```
/// use tensor::functional::{GaussianOptions, gaussian_nll_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![1., 2.]), Tensor::from(vec![2., 5.]));
/// let variance = Tensor::from(vec![1., 1.]);
/// assert_eq!(gaussian_nll_loss(&x, &target, &variance, GaussianOptions::default())?.to_vec()?, [2.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn gaussian_nll_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    variance: &Tensor<Dynamic, T>,
    options: GaussianOptions,
) -> Result<Tensor<Dynamic, T>> {
    let losses = gaussian(&wide(input), &wide(target), &wide(variance), options)?;
    Ok(narrow::<T>(&options.reduction.of(&losses)))
}
