//! Normalisation by channel, with running statistics.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional::{self, Statistics};
use crate::layout::describe;
use crate::nn::dynamic::norm::affine;
use crate::nn::dynamic::{Layer, fresh, members};
use crate::nn::{Buffer, Builder, Mode, Parameter};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// The options of [`BatchNorm`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchNormOptions {
    /// What is added to the variance. 1e-5.
    pub eps: f64,
    /// How much of the new statistics is taken: `running = (1 - momentum) running + momentum new`; without it all batches count alike. 0.1.
    pub momentum: Option<f64>,
    /// Whether there is a weight, and a bias. Yes.
    pub affine: bool,
    /// Whether statistics are kept for evaluation; where not, those of the batch serve there as well. Yes.
    pub track_running_stats: bool,
    /// Whether there is a bias beside the weight. Yes.
    pub bias: bool,
}

impl Default for BatchNormOptions {
    fn default() -> Self {
        Self {
            eps: 1e-5,
            momentum: Some(0.1),
            affine: true,
            track_running_stats: true,
            bias: true,
        }
    }
}

/// Mean and variance of earlier batches and how many there were, where they are kept: 0, 1 and none at first.
pub(super) type Running<T> = (
    Option<Buffer<Dynamic, T>>,
    Option<Buffer<Dynamic, T>>,
    Option<Buffer<Dynamic, i64>>,
);

pub(super) fn running<T: Float>(builder: &mut Builder<'_>, channels: usize, kept: bool) -> Running<T> {
    let mean = kept.then(|| builder.buffer(&[channels], 0.0));
    let var = kept.then(|| builder.buffer(&[channels], 1.0));
    (mean, var, kept.then(|| builder.buffer(&[], 0.0)))
}

/// Normalises by the statistics of the batch, which are mixed into the running ones: one batch after the other, so that none is lost where
/// several threads use a layer.
pub(super) fn tracked<T: Float>(
    [mean, var]: [&Buffer<Dynamic, T>; 2],
    momentum: f64,
    normalise: impl FnOnce(Statistics<'_, T>) -> Result<Tensor<Dynamic, T>>,
) -> Result<Tensor<Dynamic, T>> {
    let (mut new_mean, mut new_var) = (mean.get(), var.get());
    let out = normalise(Statistics::Tracked {
        mean: &mut new_mean,
        var: &mut new_var,
        momentum,
    })?;
    mean.set(&new_mean)?;
    var.set(&new_var)?;
    Ok(out)
}

/// `y = (x - mean) / sqrt(variance + eps) * weight + bias` for each channel, over the batch and `N` further axes. In training mean and
/// (biased) variance are those of the batch, and running ones are kept, the variance as the unbiased one; in evaluation those serve. See
/// [`BatchNorm1d`], [`BatchNorm2d`], [`BatchNorm3d`].
///
/// Ioffe, Szegedy, *Batch Normalization*, 2015.
#[derive(Clone, Debug)]
pub struct BatchNorm<const N: usize, T: Float = f32> {
    /// `[channels]`, starts as 1.
    pub weight: Option<Parameter<Dynamic, T>>,
    /// `[channels]`, starts as 0.
    pub bias: Option<Parameter<Dynamic, T>>,
    /// `[channels]`, starts as 0.
    pub running_mean: Option<Buffer<Dynamic, T>>,
    /// `[channels]`, starts as 1.
    pub running_var: Option<Buffer<Dynamic, T>>,
    /// How many batches the running statistics are of.
    pub num_batches_tracked: Option<Buffer<Dynamic, i64>>,
    /// How many channels there are.
    pub channels: usize,
    /// Added to the variance.
    pub eps: f64,
    /// How much of the new statistics is taken; without it all batches count alike.
    pub momentum: Option<f64>,
    /// Training or evaluation.
    pub mode: Mode,
}

members!([const N: usize, T: Float] BatchNorm<N, T> {
    weight, bias, running_mean, running_var, num_batches_tracked, mode
});

/// [`BatchNorm`] of `[batch, channels]` or `[batch, channels, length]`.
///
/// ```
/// use tensor::dynamic::BatchNorm1d;
/// use tensor::prelude::*;
/// let mut layer = BatchNorm1d::new(&Device::cpu(), 1)?;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 3.], &[2, 1])?;
/// assert_eq!(layer.forward(&x)?.round_decimals(3).to_vec()?, [-1., 1.]);
/// layer.eval();
/// // The running mean is 0.1 * 2, the running variance 0.9 + 0.1 * 2.
/// assert_eq!(layer.forward(&x)?.round_decimals(3).to_vec()?, [0.763, 2.67]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type BatchNorm1d<T = f32> = BatchNorm<1, T>;
/// [`BatchNorm`] of `[batch, channels, height, width]`.
pub type BatchNorm2d<T = f32> = BatchNorm<2, T>;
/// [`BatchNorm`] of `[batch, channels, depth, height, width]`.
pub type BatchNorm3d<T = f32> = BatchNorm<3, T>;

impl<const N: usize, T: Float> BatchNorm<N, T> {
    const NAME: &'static str = match N {
        1 => "batch_norm1d",
        2 => "batch_norm2d",
        3 => "batch_norm3d",
        _ => "batch_norm",
    };

    /// A layer for so many channels.
    ///
    /// ```
    /// use tensor::dynamic::BatchNorm2d;
    /// use tensor::prelude::*;
    /// let layer = BatchNorm2d::new(&Device::cpu(), 1)?;
    /// let y = layer.forward(&tensor![[[[1., 3.], [1., 3.]]]].into_dynamic())?;
    /// assert_eq!(y.round_decimals(3).to_vec()?, [-1., 1., -1., 1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(device: &Device, channels: usize) -> Result<Self> {
        Self::with(device, channels, BatchNormOptions::default())
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::{BatchNorm1d, BatchNormOptions};
    /// use tensor::prelude::*;
    /// let options = BatchNormOptions { eps: 3., ..Default::default() };
    /// let layer = BatchNorm1d::with(&Device::cpu(), 1, options)?;
    /// assert_eq!(layer.forward(&tensor![[1.], [3.]].into_dynamic())?.to_vec()?, [-0.5, 0.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn with(device: &Device, channels: usize, options: BatchNormOptions) -> Result<Self> {
        fresh::<T, Self>(device, Seed(0), &|builder| {
            let [weight, bias] = affine(builder, &[channels], [options.affine, options.affine && options.bias]);
            let (mean, var, count) = running(builder, channels, options.track_running_stats);
            Self {
                weight,
                bias,
                running_mean: mean,
                running_var: var,
                num_batches_tracked: count,
                channels,
                eps: options.eps,
                momentum: options.momentum,
                mode: Mode::default(),
            }
        })
    }

    /// The output in training with running statistics: the count goes on, and nobody else's batch comes between.
    fn counted(
        &self,
        count: &Buffer<Dynamic, i64>,
        running: [&Buffer<Dynamic, T>; 2],
        normalise: impl FnOnce(Statistics<'_, T>) -> Result<Tensor<Dynamic, T>>,
    ) -> Result<Tensor<Dynamic, T>> {
        let mut out = None;
        count.update(|count| {
            let count = count.add(&count.ones_like())?;
            let momentum = match self.momentum {
                Some(momentum) => momentum,
                None => 1.0 / count.item()? as f64,
            };
            out = Some(tracked(running, momentum, normalise)?);
            Ok(count)
        })?;
        out.map_or_else(|| unreachable!("`update` above runs its closure or fails"), Ok)
    }
}

impl<const N: usize, T: Float> Layer<T> for BatchNorm<N, T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let rank = x.sizes().len();
        if rank != N + 2 && !(N == 1 && rank == 2) || x.sizes()[1] != self.channels {
            let axes = if N == 1 {
                "1 or no further axis".to_owned()
            } else {
                format!("{N} further axes")
            };
            return Err(Error::shape(
                Self::NAME,
                format!("an input of batch, {} channels and {axes}", self.channels),
                describe(x.sizes()),
            ));
        }
        let (weight, bias) = (self.weight.as_deref(), self.bias.as_deref());
        let normalise = |statistics: Statistics<'_, T>| functional::batch_norm(x, statistics, weight, bias, self.eps);
        match (&self.running_mean, &self.running_var) {
            (Some(mean), Some(var)) if self.mode.is_training() => match &self.num_batches_tracked {
                Some(count) => self.counted(count, [mean, var], normalise),
                None => tracked([mean, var], self.momentum.unwrap_or(0.0), normalise),
            },
            (Some(mean), Some(var)) => normalise(Statistics::Running {
                mean: &mean.get(),
                var: &var.get(),
            }),
            _ => normalise(Statistics::Batch),
        }
    }
}
