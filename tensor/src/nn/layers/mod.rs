//! The layers as types: what `#[model]` fields and `net!` parts are.
//!
//! A layer with parameters holds them, typed; one without is a unit.

mod attention;
mod cells;
mod convolutions;
mod embedding;
mod norms;
mod prelu;
mod recurrent;
mod transposed;

pub use attention::{MultiHeadAttention, TransformerDecoderLayer, TransformerEncoderLayer};
pub use cells::{GruCell, LstmCell, RnnCell};
pub use convolutions::{Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d};
pub use embedding::Embedding;
pub use norms::{
    BatchNorm1d, BatchNorm1dUntracked, BatchNorm2d, BatchNorm2dUntracked, BatchNorm3d, BatchNorm3dUntracked, GroupNorm,
    InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, RmsNorm,
};
pub use prelu::Prelu;
pub use recurrent::{Gru, Lstm, Rnn};

pub use transposed::LinearTransposed;

use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::nn::{Builder, Init, Module, Parameter, Walk, builder};
use crate::ops;
use crate::random::seed::Seed;
use crate::shape::{Dim, Dynamic, LastAxis, StaticDim, settled};
use crate::tensors::Tensor;

/// `y = x W^T + b`.
///
/// `x`: `[batch, In]`, `y`: `[batch, Out]`; `weight` is `[Out, In]`, `bias` is `[Out]`, as in PyTorch. Both start uniform
/// in `[-1 / sqrt(In), 1 / sqrt(In))`. Without a bias the last type parameter is `()`.
///
/// ```
/// use tensor::prelude::*;
/// let layer = Linear::<dim![3], dim![2]>::new(&Device::cpu(), Seed(0));
/// let y: Tensor<dims![1, 2]> = layer.forward(&tensor![[1., 2., 3.]]);
/// ```
#[derive(Clone, Debug)]
pub struct Linear<In: Dim, Out: Dim, T: Float = f32, Bias = Parameter<(Out,), T>> {
    /// `[Out, In]`.
    pub weight: Parameter<(Out, In), T>,
    /// `[Out]`, or `()`.
    pub bias: Bias,
}

/// The bias of a linear layer: a parameter, or nothing.
pub trait LinearBias<Out: Dim, T: Float>: Sized {
    #[doc(hidden)]
    fn build(builder: &mut Builder<'_>, out: usize, init: Init) -> Self;
    #[doc(hidden)]
    fn visit(&self, walk: &mut Walk<'_>);
    #[doc(hidden)]
    fn get(&self) -> Option<&Tensor<(Out,), T>>;
    #[doc(hidden)]
    fn into_dynamic(self) -> Option<Parameter<Dynamic, T>>;
    #[doc(hidden)]
    fn moved(self, device: Device) -> Result<Self>;
}

impl<Out: Dim, T: Float> LinearBias<Out, T> for Parameter<(Out,), T> {
    fn build(builder: &mut Builder<'_>, out: usize, init: Init) -> Self {
        builder.parameter("bias", &[out], init)
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("bias", self);
    }

    fn get(&self) -> Option<&Tensor<(Out,), T>> {
        Some(self)
    }

    fn into_dynamic(self) -> Option<Parameter<Dynamic, T>> {
        Some(self.into_dynamic())
    }

    fn moved(self, device: Device) -> Result<Self> {
        self.moved(device)
    }
}

impl<Out: Dim, T: Float> LinearBias<Out, T> for () {
    fn build(_: &mut Builder<'_>, _: usize, _: Init) -> Self {}

    fn visit(&self, _: &mut Walk<'_>) {}

    fn get(&self) -> Option<&Tensor<(Out,), T>> {
        None
    }

    fn into_dynamic(self) -> Option<Parameter<Dynamic, T>> {
        None
    }

    fn moved(self, _: Device) -> Result<Self> {
        Ok(self)
    }
}

impl<In: Dim, Out: Dim, T: Float, Bias: LinearBias<Out, T>> Module<T> for Linear<In, Out, T, Bias> {
    fn build(builder: &mut Builder<'_>) -> Self {
        let (inputs, outputs) = const { (settled::<In>(), settled::<Out>()) };
        let init = Init::linear(inputs);
        Self {
            weight: builder.parameter("weight", &[outputs, inputs], init),
            bias: Bias::build(builder, outputs, init),
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
        self.bias.visit(walk);
    }
}

impl<In: StaticDim, Out: StaticDim> Linear<In, Out> {
    /// A layer of its own with fresh parameters.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = Linear::<dim![4], dim![2]>::new(&Device::cpu(), Seed(0));
    /// assert!(layer.weight.abs().max().item()? <= 0.5 && layer.bias.abs().max().item()? <= 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(device: &Device, seed: Seed) -> Self {
        builder::fresh(*device, seed.0)
    }
}

impl<In: Dim, Out: Dim, T: Float, Bias: LinearBias<Out, T>> Linear<In, Out, T, Bias> {
    /// `x W^T + b` over the last axis, recorded for `backward`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut layer = Linear::<dim![2], dim![1]>::new(&Device::cpu(), Seed(0));
    /// layer.weight.set(&tensor![[1., 10.]])?;
    /// layer.bias.set(&tensor![100.])?;
    /// assert_eq!(layer.forward(&tensor![[1., 2.]]), tensor![[121.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward<S: LastAxis<Last = In>>(&self, x: &Tensor<S, T>) -> Tensor<S::With<Out>, T> {
        Tensor::of(ops::linear::linear(
            x.value(),
            self.weight.value(),
            self.bias.get().map(Tensor::value),
        ))
    }
}

/// `y = (x - mean) / sqrt(variance + eps) * weight + bias` along the last axis.
///
/// Shapes stay; `weight` and `bias` are `[Features]` and start as 1 and 0. The variance is the biased one, `eps` is 1e-5.
/// Ba, Kiros, Hinton, *Layer Normalization*, 2016.
#[derive(Clone, Debug)]
pub struct LayerNorm<Features: Dim, T: Float = f32> {
    /// `[Features]`.
    pub weight: Parameter<(Features,), T>,
    /// `[Features]`.
    pub bias: Parameter<(Features,), T>,
}

impl<Features: Dim, T: Float> Module<T> for LayerNorm<Features, T> {
    fn build(builder: &mut Builder<'_>) -> Self {
        let features = const { settled::<Features>() };
        Self {
            weight: builder.parameter("weight", &[features], Init::Constant(1.0)),
            bias: builder.parameter("bias", &[features], Init::Constant(0.0)),
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
        walk.parameter("bias", &self.bias);
    }
}

impl<Features: Dim, T: Float> LayerNorm<Features, T> {
    /// The normalised tensor, recorded for `backward`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = LayerNorm::<dim![2]>::new(&Device::cpu(), Seed(0));
    /// tensor::testing::assert_close(&layer.forward(&tensor![[-1e3, 1e3]]), &tensor![[-1., 1.]]);
    /// ```
    pub fn forward<S: LastAxis<Last = Features>>(&self, x: &Tensor<S, T>) -> Tensor<S, T> {
        Tensor::of(ops::layer_norm::layer_norm(
            x.value(),
            self.weight.value(),
            self.bias.value(),
            1e-5,
        ))
    }
}

impl<Features: StaticDim> LayerNorm<Features> {
    /// A layer of its own.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = LayerNorm::<dim![2]>::new(&Device::cpu(), Seed(0));
    /// assert_eq!((layer.weight.to_vec()?, layer.bias.to_vec()?), (vec![1., 1.], vec![0., 0.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(device: &Device, seed: Seed) -> Self {
        builder::fresh(*device, seed.0)
    }
}

macro_rules! without_parameters {
    ($($(#[$doc:meta])* $Name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $Name;

            impl<T: Float> Module<T> for $Name {
                fn build(_: &mut Builder<'_>) -> Self {
                    Self
                }

                fn visit(&self, _: &mut Walk<'_>) {}
            }
        )*
    };
}

without_parameters! {
    /// `max(x, 0)`.
    Relu;
    /// `x` where positive, 0.01 `x` elsewhere.
    LeakyRelu;
    /// The hyperbolic tangent.
    Tanh;
    /// `1 / (1 + exp(-x))`.
    Sigmoid;
    /// `x Phi(x)`.
    Gelu;
    /// `x sigmoid(x)`.
    Silu;
    /// `x` where positive, `exp(x) - 1` elsewhere.
    Elu;
    /// `log(1 + exp(x))`.
    Softplus;
    /// `exp(x) / sum(exp(x))` along an axis, the last where nothing else is said.
    Softmax;
    /// The logarithm of the softmax.
    LogSoftmax;
    /// `exp(-x) / sum(exp(-x))` along an axis.
    Softmin;
    /// The softmax along the channels, at every place of `[channels, height, width]`.
    Softmax2d;
    /// `a sigmoid(b)` of the two halves of an axis. Dauphin et al., *Language Modeling with Gated Convolutional Networks*, 2016.
    Glu;
    /// In training each element is dropped with probability 1/2 and the others doubled; `dropout(p)` in `net!` sets
    /// another. Srivastava et al., *Dropout*, 2014.
    Dropout;
    /// Axes behind the batch as one, all of them where nothing else is said.
    Flatten;
    /// An axis as several, as large together.
    Unflatten;
    /// The elements of each sample in other sizes.
    Reshape;
    /// The largest element of windows over `[channels, length]`.
    MaxPool1d;
    /// The largest element of windows over `[channels, height, width]`.
    MaxPool2d;
    /// The largest element of windows over `[channels, depth, height, width]`.
    MaxPool3d;
    /// The mean of windows over `[channels, length]`.
    AvgPool1d;
    /// The mean of windows over `[channels, height, width]`.
    AvgPool2d;
    /// The mean of windows over `[channels, depth, height, width]`.
    AvgPool3d;
    /// The largest element of as many windows as the result has places over `[channels, length]`.
    AdaptiveMaxPool1d;
    /// The largest element of as many windows as the result has places over `[channels, height, width]`.
    AdaptiveMaxPool2d;
    /// The largest element of as many windows as the result has places over `[channels, depth, height, width]`.
    AdaptiveMaxPool3d;
    /// The mean of as many windows as the result has places over `[channels, length]`.
    AdaptiveAvgPool1d;
    /// The mean of as many windows as the result has places over `[channels, height, width]`.
    AdaptiveAvgPool2d;
    /// The mean of as many windows as the result has places over `[channels, depth, height, width]`.
    AdaptiveAvgPool3d;
    /// `x` held between two numbers, -1 and 1 where nothing else is said.
    Hardtanh;
    /// `x` held between 0 and 6.
    Relu6;
    /// `x` held between -3 and 3, plus 3, by 6.
    Hardsigmoid;
    /// `x hardsigmoid(x)`. Howard et al., *Searching for MobileNetV3*, 2019.
    Hardswish;
    /// `x` where positive, a multiple of `exp(x) - 1` elsewhere, both scaled. Klambauer et al., *Self-Normalizing Neural Networks*, 2017.
    Selu;
    /// `x` where positive, `alpha (exp(x / alpha) - 1)` elsewhere.
    Celu;
    /// `x tanh(softplus(x))`. Misra, *Mish*, 2019.
    Mish;
    /// `x / (1 + |x|)`.
    Softsign;
    /// `x - tanh(x)`.
    Tanhshrink;
    /// 0 near 0, and nearer to 0 elsewhere.
    Softshrink;
    /// 0 near 0, `x` elsewhere.
    Hardshrink;
    /// `log(sigmoid(x))`. PyTorch's `LogSigmoid`.
    LogSigmoid;
    /// `x` above a number, another number elsewhere.
    Threshold;
    /// Axes of each sample in another order.
    Permute;
    /// Channels that become places. Shi et al., *Real-Time Single Image and Video Super-Resolution*, 2016.
    PixelShuffle;
    /// Places that become channels: the reverse of [`PixelShuffle`].
    PixelUnshuffle;
    /// The channels of groups in turns. Zhang et al., *ShuffleNet*, 2017.
    ChannelShuffle;
    /// Other sizes for the axes behind the channels, by the nearest element, or by lines or cubics through near ones.
    Upsample;
    /// Zeros around each channel of `[channels, length]`.
    ZeroPad1d;
    /// A number around each channel of `[channels, length]`.
    ConstantPad1d;
    /// What lies on the other side of the edge around each channel of `[channels, length]`.
    ReflectionPad1d;
    /// The element at the edge around each channel of `[channels, length]`.
    ReplicationPad1d;
    /// What comes at the other end around each channel of `[channels, length]`.
    CircularPad1d;
    /// In training each channel of `[channels, length]` is dropped with probability 1/2, or another, and the others are scaled up. Tompson et al., *Efficient
    /// Object Localization Using Convolutional Networks*, 2015.
    Dropout1d;
    /// `(sum of x^p)^(1/p)` of windows over `[channels, length]`. PyTorch's `LPPool1d`.
    LpPool1d;
    /// In training elements become where SELU ends, with probability 1/2 or another, and all are scaled and moved so that mean and variance stay.
    /// Klambauer et al., *Self-Normalizing Neural Networks*, 2017.
    AlphaDropout;
    /// The same of whole channels.
    FeatureAlphaDropout;
    /// `x`, below 0 times a slope that in training is drawn for each element, and else the mean of all. Xu et al., *Empirical Evaluation of Rectified
    /// Activations in Convolutional Network*, 2015. PyTorch's `RReLU`.
    Rrelu;
    /// Zeros around each channel of `[channels, height, width]`.
    ZeroPad2d;
    /// A number around each channel of `[channels, height, width]`.
    ConstantPad2d;
    /// What lies on the other side of the edge around each channel of `[channels, height, width]`.
    ReflectionPad2d;
    /// The element at the edge around each channel of `[channels, height, width]`.
    ReplicationPad2d;
    /// What comes at the other end around each channel of `[channels, height, width]`.
    CircularPad2d;
    /// In training each channel of `[channels, height, width]` is dropped with probability 1/2, or another, and the others are scaled up. Tompson et al., *Efficient
    /// Object Localization Using Convolutional Networks*, 2015.
    Dropout2d;
    /// `(sum of x^p)^(1/p)` of windows over `[channels, height, width]`. PyTorch's `LPPool2d`.
    LpPool2d;
    /// Zeros around each channel of `[channels, depth, height, width]`.
    ZeroPad3d;
    /// A number around each channel of `[channels, depth, height, width]`.
    ConstantPad3d;
    /// What lies on the other side of the edge around each channel of `[channels, depth, height, width]`.
    ReflectionPad3d;
    /// The element at the edge around each channel of `[channels, depth, height, width]`.
    ReplicationPad3d;
    /// What comes at the other end around each channel of `[channels, depth, height, width]`.
    CircularPad3d;
    /// In training each channel of `[channels, depth, height, width]` is dropped with probability 1/2, or another, and the others are scaled up. Tompson et al., *Efficient
    /// Object Localization Using Convolutional Networks*, 2015.
    Dropout3d;
    /// `(sum of x^p)^(1/p)` of windows over `[channels, depth, height, width]`. PyTorch's `LPPool3d`.
    LpPool3d;
    /// `x / (k + alpha * mean of x^2 over neighbouring channels)^beta`. Krizhevsky et al., *ImageNet Classification with Deep Convolutional Neural
    /// Networks*, 2012.
    LocalResponseNorm;
    /// What every element of a sequence makes of all others, from queries, keys and values side by side. Vaswani et al., *Attention Is All
    /// You Need*, 2017.
    Attention;
    /// What is computed of a value and learns nothing: `exp`, `mean(axis = 1)`, `select(axis = 1, index = 0)`.
    Computed;
    /// A layer whose weight is another part's: `#[tied(embedding)]`.
    Tied;
    /// Nothing.
    Identity;
}
