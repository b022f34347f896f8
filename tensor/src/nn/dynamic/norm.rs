//! Normalisation of each sample.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional;
use crate::layout::describe;
use crate::nn::dynamic::{Layer, fresh, members};
use crate::nn::{Builder, Init, Parameter};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// Weight and bias that scale what was normalised; they start as 1 and 0.
pub(super) fn affine<T: Float>(
    builder: &mut Builder<'_>,
    sizes: &[usize],
    wanted: [bool; 2],
) -> [Option<Parameter<Dynamic, T>>; 2] {
    let mut part = |name, wanted: bool, first| wanted.then(|| builder.parameter(name, sizes, Init::Constant(first)));
    [part("weight", wanted[0], 1.0), part("bias", wanted[1], 0.0)]
}

/// The options of [`LayerNorm`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerNormOptions {
    /// What is added to the variance. 1e-5.
    pub eps: f64,
    /// Whether there is a weight, and a bias. Yes.
    pub elementwise_affine: bool,
    /// Whether there is a bias beside the weight. Yes.
    pub bias: bool,
}

impl Default for LayerNormOptions {
    fn default() -> Self {
        Self {
            eps: 1e-5,
            elementwise_affine: true,
            bias: true,
        }
    }
}

/// `y = (x - mean) / sqrt(variance + eps) * weight + bias`, with mean and (biased) variance over the last axes, whose sizes are
/// `normalized_shape`; sizes stay.
///
/// Ba, Kiros, Hinton, *Layer Normalization*, 2016.
///
/// ```
/// use tensor::dynamic::LayerNorm;
/// use tensor::prelude::*;
/// let layer = LayerNorm::new(&Device::cpu(), &[2])?;
/// let y = layer.forward(&Tensor::<Dynamic>::from_vec(vec![1., 3., -5., 5.], &[2, 2])?)?;
/// assert_eq!(y.round_decimals(3).to_vec()?, [-1., 1., -1., 1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LayerNorm<T: Float = f32> {
    /// Of `normalized_shape`, starts as 1.
    pub weight: Option<Parameter<Dynamic, T>>,
    /// Of `normalized_shape`, starts as 0.
    pub bias: Option<Parameter<Dynamic, T>>,
    /// The sizes of the axes that are normalised.
    pub normalized_shape: Vec<usize>,
    /// Added to the variance.
    pub eps: f64,
}

members!([T: Float] LayerNorm<T> { weight, bias });

impl<T: Float> LayerNorm<T> {
    /// A layer over the last axes of these sizes.
    ///
    /// ```
    /// use tensor::dynamic::LayerNorm;
    /// use tensor::prelude::*;
    /// let y = LayerNorm::new(&Device::cpu(), &[2])?.forward(&tensor![[1., 3.], [2., 8.]].into_dynamic())?;
    /// assert_eq!(y.round_decimals(3).to_vec()?, [-1., 1., -1., 1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(device: &Device, normalized_shape: &[usize]) -> Result<Self> {
        Self::with(device, normalized_shape, LayerNormOptions::default())
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::{LayerNorm, LayerNormOptions};
    /// use tensor::prelude::*;
    /// let options = LayerNormOptions { eps: 3., ..Default::default() };
    /// let y = LayerNorm::with(&Device::cpu(), &[2], options)?.forward(&tensor![1., 3.].into_dynamic())?;
    /// assert_eq!(y.to_vec()?, [-0.5, 0.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn with(device: &Device, normalized_shape: &[usize], options: LayerNormOptions) -> Result<Self> {
        fresh::<T, Self>(device, Seed(0), &|builder| {
            Self::built(builder, normalized_shape, options)
        })
    }

    /// A part of a larger module.
    pub(super) fn built(builder: &mut Builder<'_>, normalized_shape: &[usize], options: LayerNormOptions) -> Self {
        let affine_parts = [options.elementwise_affine, options.elementwise_affine && options.bias];
        let [weight, bias] = affine(builder, normalized_shape, affine_parts);
        Self {
            weight,
            bias,
            normalized_shape: normalized_shape.to_vec(),
            eps: options.eps,
        }
    }
}

impl<T: Float> Layer<T> for LayerNorm<T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let (weight, bias) = (self.weight.as_deref(), self.bias.as_deref());
        functional::layer_norm(x, &self.normalized_shape, weight, bias, self.eps)
    }
}

/// The options of [`RmsNorm`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsNormOptions {
    /// What is added to the mean of the squares. The distance from 1 to the next number.
    pub eps: Option<f64>,
    /// Whether there is a weight. Yes.
    pub elementwise_affine: bool,
}

impl Default for RmsNormOptions {
    fn default() -> Self {
        Self {
            eps: None,
            elementwise_affine: true,
        }
    }
}

/// `y = x / sqrt(mean(x^2) + eps) * weight`, with the mean over the last axes, whose sizes are `normalized_shape`; sizes stay. PyTorch's
/// `RMSNorm`.
///
/// Zhang, Sennrich, *Root Mean Square Layer Normalization*, 2019.
///
/// ```
/// use tensor::dynamic::RmsNorm;
/// use tensor::prelude::*;
/// let layer = RmsNorm::new(&Device::cpu(), &[2])?;
/// let y = layer.forward(&Tensor::<Dynamic>::from_vec(vec![3., -3.], &[1, 2])?)?;
/// assert_eq!(y.to_vec()?, [1., -1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RmsNorm<T: Float = f32> {
    /// Of `normalized_shape`, starts as 1.
    pub weight: Option<Parameter<Dynamic, T>>,
    /// The sizes of the axes that are normalised.
    pub normalized_shape: Vec<usize>,
    /// Added to the mean of the squares.
    pub eps: Option<f64>,
}

members!([T: Float] RmsNorm<T> { weight });

impl<T: Float> RmsNorm<T> {
    /// A layer over the last axes of these sizes.
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(device: &Device, normalized_shape: &[usize]) -> Result<Self> {
        Self::with(device, normalized_shape, RmsNormOptions::default())
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::{RmsNorm, RmsNormOptions};
    /// use tensor::prelude::*;
    /// let options = RmsNormOptions { eps: Some(3.), ..Default::default() };
    /// let y = RmsNorm::with(&Device::cpu(), &[2], options)?.forward(&tensor![1., -1.].into_dynamic())?;
    /// assert_eq!(y.to_vec()?, [0.5, -0.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn with(device: &Device, normalized_shape: &[usize], options: RmsNormOptions) -> Result<Self> {
        fresh::<T, Self>(device, Seed(0), &|builder| {
            let [weight, _] = affine(builder, normalized_shape, [options.elementwise_affine, false]);
            Self {
                weight,
                normalized_shape: normalized_shape.to_vec(),
                eps: options.eps,
            }
        })
    }
}

impl<T: Float> Layer<T> for RmsNorm<T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        functional::rms_norm(x, &self.normalized_shape, self.weight.as_deref(), self.eps)
    }
}

/// The options of [`GroupNorm`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupNormOptions {
    /// What is added to the variance. 1e-5.
    pub eps: f64,
    /// Whether there is a weight, and a bias. Yes.
    pub affine: bool,
    /// Whether there is a bias beside the weight. Yes.
    pub bias: bool,
}

impl Default for GroupNormOptions {
    fn default() -> Self {
        Self {
            eps: 1e-5,
            affine: true,
            bias: true,
        }
    }
}

/// `y = (x - mean) / sqrt(variance + eps) * weight + bias` for `x` of `[batch, channels, ..]`, with mean and (biased) variance over each
/// sample's channels of one of `groups` groups; sizes stay.
///
/// Wu, He, *Group Normalization*, 2018.
///
/// ```
/// use tensor::dynamic::GroupNorm;
/// use tensor::prelude::*;
/// let layer = GroupNorm::new(&Device::cpu(), 2, 4)?;
/// let y = layer.forward(&Tensor::<Dynamic>::from_vec(vec![1., 3., 10., 30.], &[1, 4])?)?;
/// assert_eq!(y.round_decimals(3).to_vec()?, [-1., 1., -1., 1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct GroupNorm<T: Float = f32> {
    /// `[channels]`, starts as 1.
    pub weight: Option<Parameter<Dynamic, T>>,
    /// `[channels]`, starts as 0.
    pub bias: Option<Parameter<Dynamic, T>>,
    /// Into how many groups the channels fall.
    pub groups: usize,
    /// How many channels there are.
    pub channels: usize,
    /// Added to the variance.
    pub eps: f64,
}

members!([T: Float] GroupNorm<T> { weight, bias });

impl<T: Float> GroupNorm<T> {
    /// A layer for channels that fall into groups.
    ///
    /// # Errors
    /// Where they do not, or the device has no room.
    pub fn new(device: &Device, groups: usize, channels: usize) -> Result<Self> {
        Self::with(device, groups, channels, GroupNormOptions::default())
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::{GroupNorm, GroupNormOptions};
    /// use tensor::prelude::*;
    /// let options = GroupNormOptions { eps: 3., ..Default::default() };
    /// let y = GroupNorm::with(&Device::cpu(), 1, 2, options)?.forward(&tensor![[1., 3.]].into_dynamic())?;
    /// assert_eq!(y.to_vec()?, [-0.5, 0.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the channels do not fall into groups, or the device has no room.
    pub fn with(device: &Device, groups: usize, channels: usize, options: GroupNormOptions) -> Result<Self> {
        if groups == 0 || !channels.is_multiple_of(groups) {
            return Err(Error::argument(
                "groups",
                format!("a divisor of {channels} channels"),
                groups,
            ));
        }
        fresh::<T, Self>(device, Seed(0), &|builder| {
            let [weight, bias] = affine(builder, &[channels], [options.affine, options.affine && options.bias]);
            Self {
                weight,
                bias,
                groups,
                channels,
                eps: options.eps,
            }
        })
    }
}

impl<T: Float> Layer<T> for GroupNorm<T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        if x.sizes().get(1) != Some(&self.channels) {
            let expected = format!("an input of batch, {} channels and more", self.channels);
            return Err(Error::shape("group_norm", expected, describe(x.sizes())));
        }
        functional::group_norm(x, self.groups, self.weight.as_deref(), self.bias.as_deref(), self.eps)
    }
}

/// `y = x / (k + alpha mean(x^2))^beta` for `x` of `[batch, channels, ..]`, with the mean over `size` channels around each; sizes stay.
///
/// Krizhevsky, Sutskever, Hinton, *ImageNet Classification with Deep Convolutional Neural Networks*, 2012.
///
/// ```
/// use tensor::dynamic::LocalResponseNorm;
/// use tensor::prelude::*;
/// let options = tensor::functional::LocalResponseNorm { alpha: 1., beta: 1., k: 1. };
/// let y = LocalResponseNorm::with(1, options).forward(&Tensor::<Dynamic>::ones_of(&[1, 1, 1])?)?;
/// assert_eq!(y.to_vec()?, [0.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalResponseNorm {
    /// How many channels around each count.
    pub size: usize,
    /// `alpha`, `beta` and `k`.
    pub options: functional::LocalResponseNorm,
}

members!(LocalResponseNorm {});

impl LocalResponseNorm {
    /// A layer over so many channels, with PyTorch's defaults.
    ///
    /// ```
    /// use tensor::dynamic::LocalResponseNorm;
    /// let options = LocalResponseNorm::new(5).options;
    /// assert_eq!((options.alpha, options.beta, options.k), (1e-4, 0.75, 1.));
    /// ```
    pub fn new(size: usize) -> Self {
        Self::with(size, functional::LocalResponseNorm::default())
    }

    /// The same with options.
    pub fn with(size: usize, options: functional::LocalResponseNorm) -> Self {
        Self { size, options }
    }
}

impl<T: Float> Layer<T> for LocalResponseNorm {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        functional::local_response_norm(x, self.size, self.options)
    }
}
