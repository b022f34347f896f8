//! Dropout.

use tensor_ops::Unary;

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::kernels::chain::Random;
use crate::ops::unary::unary;
use crate::random::seed::Seed;
use crate::shape::Shape;
use crate::tape::Value;
use crate::tensors::Tensor;

/// `x` with each element 0 with probability `p`, and the others divided by `1 - p`.
pub(crate) fn dropped(x: &Value, p: f64, seed: Seed) -> Result<Value> {
    dropped_at(x, p, seed, 0)
}

/// The same as one of several dropouts of a seed: each drops others.
pub(crate) fn dropped_at(x: &Value, p: f64, seed: Seed, place: u32) -> Result<Value> {
    if !(0.0..=1.0).contains(&p) {
        return Err(Error::argument("p", "a probability from 0 to 1", p));
    }
    if p == 0.0 {
        return Ok(x.clone());
    }
    if p == 1.0 {
        return x.mul(&x.constant(0.0));
    }
    let random = Random { seed: seed.0, call: 0 };
    Ok(unary(Unary::Dropout { p, layer: place }, Some(random), x))
}

/// `x / (1 - p)` with each element 0 instead with probability `p`, as in training.
///
/// The same seed drops the same elements, on any number of threads; no mask is kept, the backward pass computes it again.
///
/// # Errors
/// Where `p` is not from 0 to 1.
///
/// ```
/// use tensor::functional::dropout;
/// use tensor::prelude::*;
/// let x = tensor![1., 1., 1., 1.];
/// let y = dropout(&x, 0.5, Seed(1))?;
/// assert!(y.to_vec()?.iter().all(|&y| y == 0. || y == 2.));
/// assert_eq!(y, dropout(&x, 0.5, Seed(1))?);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn dropout<S: Shape, T: Differentiable>(x: &Tensor<S, T>, p: f64, seed: Seed) -> Result<Tensor<S, T>> {
    dropped(x.value(), p, seed).map(Tensor::of)
}
