//! Normalisation by channel of each sample.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional::{self, Statistics};
use crate::layout::describe;
use crate::nn::dynamic::batch_norm::{running, tracked};
use crate::nn::dynamic::norm::affine;
use crate::nn::dynamic::{Layer, fresh, members};
use crate::nn::{Buffer, Mode, Parameter};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// The options of [`InstanceNorm`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InstanceNormOptions {
    /// What is added to the variance. 1e-5.
    pub eps: f64,
    /// How much of the new statistics is taken: `running = (1 - momentum) running + momentum new`. 0.1.
    pub momentum: f64,
    /// Whether there is a weight, and a bias. No.
    pub affine: bool,
    /// Whether statistics are kept for evaluation; where not, those of each sample serve there as well. No.
    pub track_running_stats: bool,
    /// Whether there is a bias beside the weight. Yes.
    pub bias: bool,
}

impl Default for InstanceNormOptions {
    fn default() -> Self {
        Self {
            eps: 1e-5,
            momentum: 0.1,
            affine: false,
            track_running_stats: false,
            bias: true,
        }
    }
}

/// `y = (x - mean) / sqrt(variance + eps) * weight + bias` for each channel of each sample, over `N` further axes; with running statistics
/// as in [`BatchNorm`](super::BatchNorm), where they are asked for. See [`InstanceNorm1d`], [`InstanceNorm2d`], [`InstanceNorm3d`].
///
/// Ulyanov, Vedaldi, Lempitsky, *Instance Normalization*, 2016.
#[derive(Clone, Debug)]
pub struct InstanceNorm<const N: usize, T: Float = f32> {
    /// `[channels]`, starts as 1.
    pub weight: Option<Parameter<Dynamic, T>>,
    /// `[channels]`, starts as 0.
    pub bias: Option<Parameter<Dynamic, T>>,
    /// `[channels]`, starts as 0.
    pub running_mean: Option<Buffer<Dynamic, T>>,
    /// `[channels]`, starts as 1.
    pub running_var: Option<Buffer<Dynamic, T>>,
    /// Stays 0: PyTorch keeps it for the files.
    pub num_batches_tracked: Option<Buffer<Dynamic, i64>>,
    /// How many channels there are.
    pub channels: usize,
    /// Added to the variance.
    pub eps: f64,
    /// How much of the new statistics is taken.
    pub momentum: f64,
    /// Training or evaluation.
    pub mode: Mode,
}

members!([const N: usize, T: Float] InstanceNorm<N, T> {
    weight, bias, running_mean, running_var, num_batches_tracked, mode
});

/// [`InstanceNorm`] of `[batch, channels, length]`, or without the batch.
///
/// ```
/// use tensor::dynamic::InstanceNorm1d;
/// use tensor::prelude::*;
/// let layer = InstanceNorm1d::new(&Device::cpu(), 2)?;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 10., 30.], &[1, 2, 2])?;
/// assert_eq!(layer.forward(&x)?.round_decimals(3).to_vec()?, [-1., 1., -1., 1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type InstanceNorm1d<T = f32> = InstanceNorm<1, T>;
/// [`InstanceNorm`] of `[batch, channels, height, width]`, or without the batch.
pub type InstanceNorm2d<T = f32> = InstanceNorm<2, T>;
/// [`InstanceNorm`] of `[batch, channels, depth, height, width]`, or without the batch.
pub type InstanceNorm3d<T = f32> = InstanceNorm<3, T>;

impl<const N: usize, T: Float> InstanceNorm<N, T> {
    const NAME: &'static str = match N {
        1 => "instance_norm1d",
        2 => "instance_norm2d",
        3 => "instance_norm3d",
        _ => "instance_norm",
    };

    /// A layer for so many channels.
    ///
    /// ```
    /// use tensor::dynamic::InstanceNorm2d;
    /// use tensor::prelude::*;
    /// let layer = InstanceNorm2d::new(&Device::cpu(), 1)?;
    /// let y = layer.forward(&tensor![[[1., 3.], [1., 3.]]].into_dynamic())?;
    /// assert_eq!(y.round_decimals(3).to_vec()?, [-1., 1., -1., 1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(device: &Device, channels: usize) -> Result<Self> {
        Self::with(device, channels, InstanceNormOptions::default())
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::{InstanceNorm1d, InstanceNormOptions};
    /// use tensor::prelude::*;
    /// let options = InstanceNormOptions { eps: 3., ..Default::default() };
    /// let layer = InstanceNorm1d::with(&Device::cpu(), 1, options)?;
    /// assert_eq!(layer.forward(&tensor![[[1., 3.]]].into_dynamic())?.to_vec()?, [-0.5, 0.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn with(device: &Device, channels: usize, options: InstanceNormOptions) -> Result<Self> {
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

    fn batched(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let (weight, bias) = (self.weight.as_deref(), self.bias.as_deref());
        let normalise =
            |statistics: Statistics<'_, T>| functional::instance_norm(x, statistics, weight, bias, self.eps);
        match (&self.running_mean, &self.running_var) {
            (Some(mean), Some(var)) if self.mode.is_training() => tracked([mean, var], self.momentum, normalise),
            (Some(mean), Some(var)) => normalise(Statistics::Running {
                mean: &mean.get(),
                var: &var.get(),
            }),
            _ => normalise(Statistics::Batch),
        }
    }
}

impl<const N: usize, T: Float> Layer<T> for InstanceNorm<N, T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let channels = match x.sizes().len().checked_sub(N) {
            Some(1) => Some(x.sizes()[0]),
            Some(2) => Some(x.sizes()[1]),
            _ => None,
        };
        if channels != Some(self.channels) {
            return Err(Error::shape(
                Self::NAME,
                format!(
                    "an input of {} channels and {N} further axes, or of a batch of these",
                    self.channels
                ),
                describe(x.sizes()),
            ));
        }
        if x.sizes().len() == N + 2 {
            return self.batched(x);
        }
        self.batched(&x.unsqueeze(0)?)?.squeeze_axis(0)
    }
}
