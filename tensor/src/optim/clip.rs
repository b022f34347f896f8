//! Gradients kept within bounds.

use crate::error::{Error, Result};
use crate::layout::Layout;
use crate::nn::Trainable;
use crate::ops::clamp::between;
use crate::optim::state::{Runs, reached};
use crate::tape::{Track, Value, no_grad};

/// Scales all gradients so that their norm is `max_norm` at most; gives the norm before.
///
/// The norm is the root of the sum of the squares over all parameters together. As in PyTorch the scale is
/// `max_norm / (norm + 1e-6)`, and gradients of smaller norm stay. Pascanu et al., *On the difficulty of training recurrent
/// neural networks*, 2013.
///
/// # Errors
/// Where `max_norm` is negative or NaN, a backward ended with an error, or the device fails.
///
/// ```
/// use tensor::prelude::*;
/// let mut layer = Linear::<dim![2], dim![1]>::new(&Device::cpu(), Seed(0));
/// (layer.forward(&tensor![[3., 4.]]).sum() * 100.).backward();
/// let before = clip_grad_norm(&mut layer, 1.0)?;
/// assert!((before - (300f64.powi(2) + 400f64.powi(2) + 100f64.powi(2)).sqrt()).abs() < 1e-3);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn clip_grad_norm<M: Trainable>(model: &mut M, max_norm: f64) -> Result<f64> {
    if max_norm.is_nan() || max_norm < 0.0 {
        return Err(Error::argument("max_norm", "a number from 0 on", max_norm));
    }
    let mut runs = Runs::new();
    reached(model, &mut runs, |_| 0)?;
    let squares: f64 = runs
        .iter()
        .map(|run| run.with_gradients(|gradients| gradients.buffer.device().backend().sum_of_squares(gradients)))
        .sum::<Result<f64>>()?;
    let norm = squares.sqrt();
    let scale = max_norm / (norm + 1e-6);
    // As in PyTorch, a norm that is not a number leaves no gradient that is one.
    if scale < 1.0 || scale.is_nan() {
        for run in &runs {
            run.with_gradients(|gradients| gradients.buffer.device().backend().scale(scale, gradients))?;
        }
    }
    Ok(norm)
}

/// Holds every element of all gradients between `-value` and `value`: PyTorch's `clip_grad_value_`. NaN stays NaN.
///
/// # Errors
/// Where `value` is negative or NaN, a backward ended with an error, or the device fails.
///
/// ```
/// use tensor::prelude::*;
/// let mut layer = Linear::<dim![2], dim![1]>::new(&Device::cpu(), Seed(0));
/// layer.forward(&tensor![[3., -0.5]]).sum().backward();
/// clip_grad_value(&mut layer, 1.0)?;
/// assert_eq!(layer.weight.grad(), Some(tensor![[1., -0.5]]));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn clip_grad_value<M: Trainable>(model: &mut M, value: f64) -> Result<()> {
    if value.is_nan() || value < 0.0 {
        return Err(Error::argument("value", "a number from 0 on", value));
    }
    let mut runs = Runs::new();
    reached(model, &mut runs, |_| 0)?;
    for run in &runs {
        run.with_gradients(|gradients| {
            let place = Value {
                buffer: gradients.buffer.clone(),
                offset: gradients.offset,
                layout: Layout::contiguous(&[gradients.len()]),
                track: Track::Constant,
            };
            let clipped = no_grad(|| between(&place, Some(-value), Some(value)));
            clipped.buffer.check()?;
            place.device().backend().copy(clipped.view(), place.view());
            place.buffer.check()
        })?;
    }
    Ok(())
}
