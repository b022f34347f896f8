//! Gradients against finite differences.

use crate::autograd::{Options, grad_with};
use crate::error::{Error, Result};
use crate::shape::Dynamic;
use crate::tape::{Value, no_grad};
use crate::tensors::Tensor;

/// How near gradients and differences must be: `|gradient - difference| <= absolute + relative |difference|`.
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    /// How far an element of an input is moved to both sides.
    pub step: f64,
    /// The absolute part.
    pub absolute: f64,
    /// The relative part.
    pub relative: f64,
}

impl Default for Tolerance {
    /// PyTorch's: steps of 1e-6, 1e-5 and 1e-3.
    fn default() -> Self {
        Self {
            step: 1e-6,
            absolute: 1e-5,
            relative: 1e-3,
        }
    }
}

/// Compares the gradient of `f` in each element of each input with the central difference `(f(x + h) - f(x - h)) / 2h`, of a fixed sum of its
/// outputs with weights. PyTorch's `torch.autograd.gradcheck`.
///
/// # Errors
/// What `f` returns; and the element whose gradient is furthest from the difference, with both.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::autograd::{Tolerance, gradcheck};
/// let x = Tensor::<Dynamic, f64>::from(vec![0.5, -1.5]);
/// gradcheck(|x| Ok(x[0].tanh().mul(&x[0])?), &[&x], Tolerance::default())?;
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn gradcheck(
    f: impl Fn(&[Tensor<Dynamic, f64>]) -> Result<Tensor<Dynamic, f64>>,
    inputs: &[&Tensor<Dynamic, f64>],
    tolerance: Tolerance,
) -> Result<()> {
    let leaves: Vec<Tensor<Dynamic, f64>> = inputs.iter().map(|input| input.detach().requires_grad()).collect();
    let out = f(&leaves)?;
    let weights = weights(&out);
    let all: Vec<&Tensor<Dynamic, f64>> = leaves.iter().collect();
    let gradients = if out.is_tracked() {
        grad_with(&[&out], &all, &[&weights], Options::default())?
    } else {
        vec![None; leaves.len()]
    };
    let weighted = |inputs: &[Tensor<Dynamic, f64>]| -> Result<f64> {
        let out = no_grad(|| f(inputs))?.to_vec()?;
        Ok(out
            .iter()
            .zip(weights.to_vec()?)
            .map(|(out, weight)| out * weight)
            .sum())
    };
    let mut worst: Option<(f64, Error)> = None;
    for (number, (input, gradient)) in inputs.iter().zip(&gradients).enumerate() {
        let at = input.to_vec()?;
        let gradient = match gradient {
            Some(gradient) => gradient.to_vec()?,
            None => vec![0.0; at.len()],
        };
        for index in 0..at.len() {
            let moved = |by: f64| {
                let mut moved: Vec<Tensor<Dynamic, f64>> = inputs.iter().map(|input| input.detach()).collect();
                let mut data = at.clone();
                data[index] += by;
                moved[number] = Tensor::of(Value::from_slice(input.device(), input.sizes(), &data));
                weighted(&moved)
            };
            let difference = (moved(tolerance.step)? - moved(-tolerance.step)?) / (2.0 * tolerance.step);
            let allowed = tolerance.absolute + tolerance.relative * difference.abs();
            let excess = (gradient[index] - difference).abs() / allowed;
            let is_worse = worst.as_ref().is_none_or(|(most, _)| excess > *most);
            if (excess > 1.0 || excess.is_nan()) && is_worse {
                let what = format!(
                    "`gradcheck`: input {number}, element {index}: the gradient is {}, the difference {difference}",
                    gradient[index]
                );
                worst = Some((excess, Error::Gradient(what)));
            }
        }
    }
    worst.map_or(Ok(()), |(_, error)| Err(error))
}

/// [`gradcheck`] of the gradient of `f`: second order. PyTorch's `torch.autograd.gradgradcheck`.
///
/// # Errors
/// As [`gradcheck`].
///
/// ```
/// use tensor::prelude::*;
/// use tensor::autograd::{Tolerance, gradgradcheck};
/// let x = Tensor::<Dynamic, f64>::from(vec![0.5, -1.5]);
/// gradgradcheck(|x| Ok(x[0].tanh().mul(&x[0])?), &[&x], Tolerance::default())?;
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn gradgradcheck(
    f: impl Fn(&[Tensor<Dynamic, f64>]) -> Result<Tensor<Dynamic, f64>>,
    inputs: &[&Tensor<Dynamic, f64>],
    tolerance: Tolerance,
) -> Result<()> {
    // The gradients of all inputs in one row; on the tape even while values alone are wanted.
    let slopes = |inputs: &[Tensor<Dynamic, f64>]| {
        let leaves: Vec<Tensor<Dynamic, f64>> = inputs
            .iter()
            .map(|input| {
                if input.is_tracked() {
                    input.clone()
                } else {
                    input.detach().requires_grad()
                }
            })
            .collect();
        let out = crate::tape::enable_grad(|| f(&leaves))?;
        let all: Vec<&Tensor<Dynamic, f64>> = leaves.iter().collect();
        let options = Options {
            create_graph: true,
            ..Options::default()
        };
        let found = if out.is_tracked() {
            grad_with(&[&out], &all, &[&weights(&out)], options)?
        } else {
            vec![None; leaves.len()]
        };
        let total =
            found
                .iter()
                .flatten()
                .try_fold(Value::number(out.device(), out.value().dtype(), 0.0), |sum, slope| {
                    let slope = slope.value();
                    sum.add(&slope.mul(weights(&Tensor::of(slope.clone())).value())?.total())
                })?;
        Ok(Tensor::of(total))
    };
    gradcheck(slopes, inputs, tolerance)
}

/// Fixed numbers between 1/2 and 3/2, all different, so that no gradient hides behind another.
fn weights(out: &Tensor<Dynamic, f64>) -> Tensor<Dynamic, f64> {
    let data: Vec<f64> = (0..out.len())
        .map(|index| 0.5 + (0.618_033_988_749_895 * (index + 1) as f64).fract())
        .collect();
    Tensor::of(Value::from_slice(out.device(), out.sizes(), &data))
}
