//! Losses of numbers: by the difference.

use tensor_ops::Compare;

use super::{Reduction, narrow, wide};
use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::layout::broadcast;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// `input - target`, broadcast.
fn difference(operation: &'static str, input: &Value, target: &Value) -> Result<Value> {
    broadcast(operation, input.sizes(), target.sizes())?;
    input.sub(target)
}

/// `near` of the difference where its absolute value is below `bound`, `far` of it elsewhere.
fn by_distance(d: &Value, bound: f64, near: impl Fn(&Value) -> Value, far: impl Fn(&Value) -> Value) -> Result<Value> {
    let is_near = d.abs().compare_to(Compare::Lt, bound);
    // What is far must not reach the square: of an infinite number it has no gradient.
    let close = is_near.select(d, &d.constant(0.0))?;
    is_near.select(&near(&close), &far(&d.abs()))
}

fn smooth_l1(input: &Value, target: &Value, beta: f64) -> Result<Value> {
    let d = difference("smooth_l1_loss", input, target)?;
    if beta.is_nan() || beta < 0.0 {
        return Err(Error::argument("beta", "a number from 0 on", beta));
    }
    if beta == 0.0 {
        return Ok(d.abs());
    }
    by_distance(
        &d,
        beta,
        |d| d.square().scale(0.5 / beta),
        |d| d.affine(1.0, -0.5 * beta),
    )
}

fn huber(input: &Value, target: &Value, delta: f64) -> Result<Value> {
    let d = difference("huber_loss", input, target)?;
    if delta.is_nan() || delta <= 0.0 {
        return Err(Error::argument("delta", "a number above 0", delta));
    }
    by_distance(
        &d,
        delta,
        |d| d.square().scale(0.5),
        |d| d.affine(delta, -0.5 * delta * delta),
    )
}

/// `|input - target|`, reduced; the sizes broadcast. The gradient where both are equal is 0.
///
/// # Errors
/// Where sizes do not broadcast.
///
/// ```
/// use tensor::functional::{Reduction, l1_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![1., 2.]), Tensor::from(vec![1., 4.]));
/// assert_eq!(l1_loss(&x, &target, Reduction::Mean)?.to_vec()?, [1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn l1_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T>> {
    let d = difference("l1_loss", &wide(input), &wide(target))?;
    Ok(narrow::<T>(&reduction.of(&d.abs())))
}

/// `(input - target)^2`, reduced; the sizes broadcast.
///
/// # Errors
/// Where sizes do not broadcast.
///
/// ```
/// use tensor::functional::{Reduction, mse_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![1., 2.]), Tensor::from(vec![1., 4.]));
/// assert_eq!(mse_loss(&x, &target, Reduction::None)?.to_vec()?, [0., 4.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn mse_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T>> {
    let d = difference("mse_loss", &wide(input), &wide(target))?;
    Ok(narrow::<T>(&reduction.of(&d.square())))
}

/// `d^2 / (2 beta)` where `d = |input - target|` is below `beta`, `d - beta / 2` elsewhere, reduced; the sizes broadcast. With a `beta`
/// of 0 it is [`l1_loss`]; PyTorch's default is 1.
///
/// # Errors
/// Where sizes do not broadcast, or `beta` is negative.
///
/// ```
/// use tensor::functional::{Reduction, smooth_l1_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![1., 2.]), Tensor::from(vec![1.5, 4.]));
/// assert_eq!(smooth_l1_loss(&x, &target, 1., Reduction::None)?.to_vec()?, [0.125, 1.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn smooth_l1_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    beta: f64,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T>> {
    let losses = smooth_l1(&wide(input), &wide(target), beta)?;
    Ok(narrow::<T>(&reduction.of(&losses)))
}

/// `d^2 / 2` where `d = |input - target|` is below `delta`, `delta (d - delta / 2)` elsewhere, reduced; the sizes broadcast. PyTorch's
/// default for `delta` is 1.
///
/// # Errors
/// Where sizes do not broadcast, or `delta` is not above 0.
///
/// ```
/// use tensor::functional::{Reduction, huber_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![1., 2.]), Tensor::from(vec![2., 6.]));
/// assert_eq!(huber_loss(&x, &target, 2., Reduction::Sum)?.to_vec()?, [6.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn huber_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    delta: f64,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T>> {
    let losses = huber(&wide(input), &wide(target), delta)?;
    Ok(narrow::<T>(&reduction.of(&losses)))
}
