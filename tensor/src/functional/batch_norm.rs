//! Normalisation by what is known of each channel: of the batch, or from earlier batches.

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::functional::norm::{by_channel, scaled, standard};
use crate::layout::{self, Axes, describe};
use crate::ops::cast::wide;
use crate::shape::Dynamic;
use crate::tape::{Value, no_grad};
use crate::tensors::Tensor;

/// Where mean and variance of each channel come from.
#[derive(Debug)]
pub enum Statistics<'a, T: Differentiable> {
    /// From the input. PyTorch's `training=True` without running statistics.
    Batch,
    /// From the input; and they are mixed into running statistics of `[channels]`, the variance as the unbiased one: `running = (1 -
    /// momentum) running + momentum batch`. PyTorch's `training=True`.
    Tracked {
        /// The running mean.
        mean: &'a mut Tensor<Dynamic, T>,
        /// The running variance.
        var: &'a mut Tensor<Dynamic, T>,
        /// How much of the new ones is taken; PyTorch's default is 0.1.
        momentum: f64,
    },
    /// From earlier, of `[channels]` each. PyTorch's `training=False`.
    Running {
        /// The running mean.
        mean: &'a Tensor<Dynamic, T>,
        /// The running variance.
        var: &'a Tensor<Dynamic, T>,
    },
}

/// `(1 - momentum) running + momentum new` of mean and variance, off the tape.
fn mix<T: Differentiable>(running: [&mut Tensor<Dynamic, T>; 2], new: [Value; 2], momentum: f64) -> Result<()> {
    for (running, new) in running.into_iter().zip(new) {
        let mixed = no_grad(|| {
            let old = wide(&running.value().detach());
            let new = new.detach().reshape(old.sizes());
            old.scale(1.0 - momentum).add(&new.scale(momentum))
        })?;
        *running = Tensor::of(mixed.cast(T::DTYPE));
    }
    Ok(())
}

/// Statistics of `[channels]`, beside an input. They are asked for before anything is computed, so that none is changed where another does
/// not fit.
fn known<T: Differentiable>(name: &'static str, x: &Value, each: [&Tensor<Dynamic, T>; 2]) -> Result<[Value; 2]> {
    let [mean, var] = each.map(|each| by_channel(name, x, &each.value().detach()));
    Ok([mean?, var?])
}

/// An input with this many axes or more.
fn with_axes(name: &'static str, x: &Value, least: usize) -> Result<()> {
    if x.layout.rank() >= least {
        return Ok(());
    }
    Err(Error::shape(
        name,
        "an input of batch, channels and more",
        describe(x.sizes()),
    ))
}

/// There is a variance: each channel `of` something has more than one element.
fn with_variance(name: &'static str, x: &Value, count: usize, of: &str) -> Result<()> {
    if count >= 2 {
        return Ok(());
    }
    let expected = format!("more than one element for each channel{of}");
    Err(Error::shape(name, expected, describe(x.sizes())))
}

/// `(x - mean) / sqrt(var + eps)` with what is known from earlier, which has no gradient.
fn by_running<T: Differentiable>(
    name: &'static str,
    x: &Value,
    mean: &Tensor<Dynamic, T>,
    var: &Tensor<Dynamic, T>,
    eps: f64,
) -> Result<Value> {
    let [mean, var] = known(name, x, [mean, var])?;
    x.sub(&mean)?.mul(&var.affine(1.0, eps).pow(-0.5))
}

/// `(x - mean) / sqrt(var + eps) * weight + bias` for `x` of `[batch, channels, ..]`, with mean and (biased) variance of each channel over
/// all other axes, or those of earlier batches; weight and bias are of `[channels]`.
///
/// # Errors
/// Where the sizes do not fit, or there is only one element for each channel to take a variance of.
///
/// ```
/// use tensor::functional::{Statistics, batch_norm};
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 10., 3., 30.], &[2, 2])?;
/// let mut mean = Tensor::<Dynamic>::from_vec(vec![0.; 2], &[2])?;
/// let mut var = Tensor::<Dynamic>::from_vec(vec![1.; 2], &[2])?;
/// let statistics = Statistics::Tracked { mean: &mut mean, var: &mut var, momentum: 0.5 };
/// assert_eq!(batch_norm(&x, statistics, None, None, 0.0)?.to_vec()?, [-1., -1., 1., 1.]);
/// assert_eq!(mean.to_vec()?, [1., 10.]);
/// assert_eq!(var.to_vec()?, [1.5, 100.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn batch_norm<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    statistics: Statistics<'_, T>,
    weight: Option<&Tensor<Dynamic, T>>,
    bias: Option<&Tensor<Dynamic, T>>,
    eps: f64,
) -> Result<Tensor<Dynamic, T>> {
    let name = "batch_norm";
    let (input, weight, bias) = (x.value(), weight.map(Tensor::value), bias.map(Tensor::value));
    // There is nothing to normalise, and no channel.
    if input.sizes() == [0] {
        return Ok(x.clone());
    }
    with_axes(name, input, 2)?;
    let x = &wide(input);
    let out = match statistics {
        Statistics::Running { mean, var } => by_running(name, x, mean, var, eps)?,
        Statistics::Batch => of_batch(name, x, eps)?.0,
        Statistics::Tracked { mean, var, momentum } => {
            known(name, x, [&*mean, &*var])?;
            let (out, seen) = of_batch(name, x, eps)?;
            if let Some(seen) = seen {
                mix([mean, var], seen, momentum)?;
            }
            out
        }
    };
    Ok(Tensor::of(scaled(name, out, weight, bias)?.cast(T::DTYPE)))
}

/// Normalised by the batch; and, where that has elements, its mean and its unbiased variance.
fn of_batch(name: &'static str, x: &Value, eps: f64) -> Result<(Value, Option<[Value; 2]>)> {
    let channels = x.sizes()[1];
    if x.len() == 0 {
        return Ok((x.clone(), None));
    }
    let count = x.len() / channels;
    with_variance(name, x, count, "")?;
    let axes: Axes<usize> = (0..x.layout.rank()).filter(|&axis| axis != 1).collect();
    let mean = x.mean(&axes, true);
    let centered = x.sub(&mean)?;
    let var = centered.square().mean(&axes, true);
    let out = centered.mul(&var.affine(1.0, eps).pow(-0.5))?;
    let unbiased = no_grad(|| var.detach().scale(count as f64 / (count - 1) as f64));
    Ok((out, Some([mean.detach(), unbiased])))
}

/// `(x - mean) / sqrt(var + eps) * weight + bias` for `x` of `[batch, channels, ..]`, with mean and (biased) variance of each channel of
/// each sample, or those of earlier ones; weight and bias are of `[channels]`.
///
/// # Errors
/// Where the sizes do not fit, or there is only one element for each channel to take a variance of.
///
/// ```
/// use tensor::functional::{Statistics, instance_norm};
/// use tensor::prelude::*;
/// let x = tensor![[[1., 3.], [4., 8.]]].into_dynamic();
/// let y = instance_norm(&x, Statistics::Batch, None, None, 0.)?;
/// tensor::testing::assert_close(&y, &tensor![[[-1., 1.], [-1., 1.]]]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn instance_norm<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    statistics: Statistics<'_, T>,
    weight: Option<&Tensor<Dynamic, T>>,
    bias: Option<&Tensor<Dynamic, T>>,
    eps: f64,
) -> Result<Tensor<Dynamic, T>> {
    let name = "instance_norm";
    let (x, weight, bias) = (&wide(x.value()), weight.map(Tensor::value), bias.map(Tensor::value));
    with_axes(name, x, 3)?;
    let (channels, count) = (x.sizes()[1], layout::len(&x.sizes()[2..]));
    let out = match statistics {
        Statistics::Running { mean, var } => by_running(name, x, mean, var, eps)?,
        statistics => {
            with_variance(name, x, count, " of a sample")?;
            let rows = x.reshape(&[x.sizes()[0] * channels, count]);
            if let Statistics::Tracked { mean, var, momentum } = statistics {
                known(name, x, [&*mean, &*var])?;
                let seen = no_grad(|| of_instances(&rows.detach(), channels))?;
                if x.len() > 0 {
                    mix([mean, var], seen, momentum)?;
                }
            }
            standard(&rows, None, None, eps)?.reshape(x.sizes())
        }
    };
    Ok(Tensor::of(scaled(name, out, weight, bias)?.cast(T::DTYPE)))
}

/// The means over the samples of the mean and of the unbiased variance of each channel.
fn of_instances(rows: &Value, channels: usize) -> Result<[Value; 2]> {
    let count = rows.sizes()[1];
    let mean = rows.mean(&[1], true);
    let squares = rows.sub(&mean)?.square().sum(&[1], true);
    let var = squares.scale(1.0 / (count - 1) as f64);
    let samples = rows.sizes()[0] / channels.max(1);
    Ok([mean, var].map(|each| each.reshape(&[samples, channels]).mean(&[0], false)))
}
