//! Normalisation by what is known of each channel: of the batch, or from earlier batches.

use smallvec::SmallVec;
use tensor_ops::Primitive;
use tensor_ops::primitive::BatchNorm;

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::functional::norm::{affine, by_channel, check_channels, in_groups, planes, scaled};
use crate::layout::{self, Axes, describe};
use crate::ops::cast::wide;
use crate::ops::primitive::Call;
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

/// Statistics of `[channels]`, row by row. They are asked for before anything is computed, so that none is changed where another does not
/// fit.
fn known<T: Differentiable>(name: &'static str, x: &Value, each: [&Tensor<Dynamic, T>; 2]) -> Result<[Value; 2]> {
    let [mean, var] = each.map(|each| {
        check_channels(name, x, each.value())?;
        Ok(wide(&each.value().detach()).contiguous().into_value())
    });
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

/// `(x - mean) / sqrt(var + eps)` with what is known from earlier, which has no gradient, in operations.
pub(crate) fn by_known(name: &'static str, x: &Value, mean: &Value, var: &Value, eps: f64) -> Result<Value> {
    let [mean, var] = [mean, var].map(|statistic| by_channel(name, x, statistic));
    x.sub(&mean?)?.mul(&var?.affine(1.0, eps).pow(-0.5))
}

/// Mean and (biased) variance of each channel, with all axes.
fn moments(x: &Value) -> Result<[Value; 2]> {
    let axes: Axes<usize> = (0..x.layout.rank()).filter(|&axis| axis != 1).collect();
    let mean = x.mean(&axes, true);
    let var = x.sub(&mean)?.square().mean(&axes, true);
    Ok([mean, var])
}

/// `(x - mean) / sqrt(var + eps)` with mean and variance of each channel of `x`, in operations.
pub(crate) fn by_batch(x: &Value, eps: f64) -> Result<Value> {
    if x.len() == 0 {
        return Ok(x.clone());
    }
    let [mean, var] = moments(x)?;
    x.sub(&mean)?.mul(&var.affine(1.0, eps).pow(-0.5))
}

/// By the kernel that models have, where there is one: by `known` statistics, or by those of `x`, which go to `seen`. Times weight, plus bias.
fn by_channels(
    name: &'static str,
    x: &Value,
    known: Option<&[Value; 2]>,
    seen: Option<&mut [Value; 2]>,
    [weight, bias]: [Option<&Value>; 2],
    eps: f64,
) -> Result<Value> {
    let given = [weight, bias].into_iter().flatten();
    given.clone().try_for_each(|given| check_channels(name, x, given))?;
    if known.is_none() && x.len() > 0 {
        with_variance(name, x, x.len() / x.sizes()[1], "")?;
    }
    let (images, parameters) = (x.reshape(&planes(x)), affine(weight, bias));
    let (rank, momentum, affine) = (1, 0.0, !parameters.is_empty());
    let norm = BatchNorm {
        rank,
        eps,
        momentum,
        affine,
        tracked: true,
    };
    let parameters: SmallVec<[&Value; 2]> = parameters.iter().collect();
    let buffers: SmallVec<[&Value; 2]> = known.into_iter().flatten().collect();
    let made = seen
        .as_ref()
        .map(|_| [(); 2].map(|()| Value::empty(x.device(), x.dtype(), &x.sizes()[1..2])));
    let updated: SmallVec<[&Value; 2]> = made.iter().flatten().collect();
    let call = Call {
        buffers: &buffers,
        updated: &updated,
        training: known.is_none(),
        ..Call::new(name, Primitive::BatchNorm(norm), &images, &parameters, images.sizes())
    };
    let runs = call.runs();
    let known = known.cloned();
    let out = call.run(move |given| {
        let out = match &known {
            Some([mean, var]) => by_known(name, &given[0], mean, var, eps)?,
            None => by_batch(&given[0], eps)?,
        };
        scaled(name, out, given.get(1), given.get(2))
    });
    let out = out?.reshape(x.sizes());
    drop(updated);
    if let (Some(seen), Some(made)) = (seen, made) {
        *seen = match runs || x.len() == 0 {
            true => made,
            false => no_grad(|| moments(&x.detach()))?,
        };
    }
    if affine {
        Ok(out)
    } else {
        scaled(name, out, weight, bias)
    }
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
    let (x, given) = (&wide(input), [weight, bias]);
    let out = match statistics {
        Statistics::Running { mean, var } => {
            by_channels(name, x, Some(&known(name, x, [mean, var])?), None, given, eps)?
        }
        Statistics::Batch => by_channels(name, x, None, None, given, eps)?,
        Statistics::Tracked { mean, var, momentum } => {
            let mut seen = known(name, x, [&*mean, &*var])?;
            let out = by_channels(name, x, None, Some(&mut seen), given, eps)?;
            if x.len() > 0 {
                let ([of_mean, of_var], count) = (seen, x.len() / x.sizes()[1]);
                let unbiased = no_grad(|| of_var.scale(count as f64 / (count - 1) as f64));
                mix([mean, var], [of_mean, unbiased], momentum)?;
            }
            out
        }
    };
    Ok(Tensor::of(out.cast(T::DTYPE)))
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
    let given = [weight, bias];
    let out = match statistics {
        Statistics::Running { mean, var } => {
            by_channels(name, x, Some(&known(name, x, [mean, var])?), None, given, eps)?
        }
        statistics => {
            with_variance(name, x, count, " of a sample")?;
            if let Statistics::Tracked { mean, var, momentum } = statistics {
                known(name, x, [&*mean, &*var])?;
                let rows = x.detach().reshape(&[x.sizes()[0] * channels, count]);
                let seen = no_grad(|| of_instances(&rows, channels))?;
                if x.len() > 0 {
                    mix([mean, var], seen, momentum)?;
                }
            }
            in_groups(name, x, channels, given, eps)?
        }
    };
    Ok(Tensor::of(out.cast(T::DTYPE)))
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
