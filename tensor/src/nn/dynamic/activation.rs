//! Activations: sizes stay, save those of [`Glu`].

use crate::device::Device;
use crate::element::{Element, Float};
use crate::error::Error;
use crate::error::Result;
use crate::layout::describe;
use crate::nn::dynamic::{Layer, fresh, members};
use crate::nn::{Init, Parameter};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// Activations without options.
macro_rules! plain {
    ($($(#[$doc:meta])* $Name:ident $example:literal, |$x:ident| $y:expr;)*) => {
        $(
            $(#[$doc])*
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let y = tensor::dynamic::", stringify!($Name), ".forward(&Tensor::<Dynamic, f64>::from_vec(vec![-1., 0., 8.], &[3])?)?;")]
            #[doc = concat!("assert_eq!(y.round_decimals(3).to_vec()?, ", $example, ");")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $Name;

            members!($Name {});

            impl<T: Float> Layer<T> for $Name {
                fn forward(&self, $x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
                    Ok($y)
                }
            }
        )*
    };
}

plain! {
    /// `max(x, 0)`. PyTorch's `ReLU`.
    Relu "[0., 0., 8.]", |x| x.relu();
    /// `min(max(x, 0), 6)`. PyTorch's `ReLU6`.
    Relu6 "[0., 0., 6.]", |x| x.relu6();
    /// `s x` where positive, `s a (exp(x) - 1)` elsewhere, with `s` of 1.0507.. and `a` of 1.6733... PyTorch's `SELU`. Klambauer et al.,
    /// *Self-Normalizing Neural Networks*, 2017.
    Selu "[-1.111, 0., 8.406]", |x| x.selu();
    /// `x sigmoid(x)`. PyTorch's `SiLU`. Elfwing, Uchibe, Doya, *Sigmoid-Weighted Linear Units*, 2017.
    Silu "[-0.269, 0., 7.997]", |x| x.silu();
    /// `x tanh(log(1 + exp(x)))`. Misra, *Mish*, 2019.
    Mish "[-0.303, 0., 8.]", |x| x.mish();
    /// `1 / (1 + exp(-x))`.
    Sigmoid "[0.269, 0.5, 1.]", |x| x.sigmoid();
    /// `log(1 / (1 + exp(-x)))`.
    LogSigmoid "[-1.313, -0.693, -0.]", |x| x.logsigmoid();
    /// `min(max(x + 3, 0), 6) / 6`.
    Hardsigmoid "[0.333, 0.5, 1.]", |x| x.hardsigmoid();
    /// `x min(max(x + 3, 0), 6) / 6`. Howard et al., *Searching for MobileNetV3*, 2019.
    Hardswish "[-0.333, 0., 8.]", |x| x.hardswish();
    /// The hyperbolic tangent.
    Tanh "[-0.762, 0., 1.]", |x| x.tanh();
    /// `x - tanh(x)`.
    Tanhshrink "[-0.238, 0., 7.]", |x| x.tanhshrink();
    /// `x / (1 + |x|)`.
    Softsign "[-0.5, 0., 0.889]", |x| x.softsign();
}

/// Activations with options, which are fields; `new` takes them in PyTorch's order, `Default` has PyTorch's defaults.
macro_rules! with_options {
    ($($(#[$doc:meta])* $Name:ident { $($(#[$field_doc:meta])* $field:ident: $Type:ty = $default:expr),* } |$this:ident, $x:ident| $y:expr;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq)]
            pub struct $Name {
                $($(#[$field_doc])* pub $field: $Type,)*
            }

            impl $Name {
                /// With these options, in PyTorch's order.
                ///
                /// ```
                #[doc = concat!("use tensor::dynamic::", stringify!($Name), ";")]
                #[doc = concat!("assert_eq!(", stringify!($Name), "::new(", $(stringify!($default), ", ",)* "), ", stringify!($Name), "::default());")]
                /// ```
                pub fn new($($field: $Type),*) -> Self {
                    Self { $($field),* }
                }
            }

            impl Default for $Name {
                fn default() -> Self {
                    Self { $($field: $default),* }
                }
            }

            members!($Name {});

            impl<T: Float> Layer<T> for $Name {
                fn forward(&self, $x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
                    let $this = self;
                    $y
                }
            }
        )*
    };
}

with_options! {
    /// `x` where positive, `slope x` elsewhere. PyTorch's `LeakyReLU`.
    ///
    /// ```
    /// use tensor::dynamic::LeakyRelu;
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_vec(vec![-1., 2.], &[2])?;
    /// assert_eq!(LeakyRelu::new(0.5).forward(&x)?.to_vec()?, [-0.5, 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    LeakyRelu {
        /// The slope below 0. 0.01.
        slope: f64 = 0.01
    } |this, x| Ok(x.leaky_relu(this.slope));
    /// `x` where positive, `alpha (exp(x) - 1)` elsewhere. PyTorch's `ELU`. Clevert, Unterthiner, Hochreiter, 2015.
    Elu {
        /// 1.
        alpha: f64 = 1.0
    } |this, x| Ok(x.elu(this.alpha));
    /// `x` where positive, `alpha (exp(x / alpha) - 1)` elsewhere. An alpha of 0 is an error. PyTorch's `CELU`. Barron, 2017.
    Celu {
        /// 1.
        alpha: f64 = 1.0
    } |this, x| x.celu(this.alpha);
    /// `log(1 + exp(beta x)) / beta`, and `x` where `beta x > threshold`.
    Softplus {
        /// 1.
        beta: f64 = 1.0,
        /// 20.
        threshold: f64 = 20.0
    } |this, x| Ok(x.softplus(this.beta, this.threshold));
    /// 0 from `-lambda` to `lambda`, `x` elsewhere.
    Hardshrink {
        /// 0.5.
        lambda: f64 = 0.5
    } |this, x| Ok(x.hardshrink(this.lambda));
    /// 0 from `-lambda` to `lambda`, elsewhere `x` that much nearer to 0. A negative lambda is an error.
    Softshrink {
        /// 0.5.
        lambda: f64 = 0.5
    } |this, x| x.softshrink(this.lambda);
    /// `x` held between two numbers. A lower one that is the larger is an error.
    Hardtanh {
        /// The lower one. -1.
        low: f64 = -1.0,
        /// The upper one. 1.
        high: f64 = 1.0
    } |this, x| x.hardtanh(<T as Element>::from_f64(this.low), <T as Element>::from_f64(this.high));
    /// `x` where it is above the threshold, `value` elsewhere.
    Threshold {
        /// 0; PyTorch has no default.
        threshold: f64 = 0.0,
        /// 0; PyTorch has no default.
        value: f64 = 0.0
    } |this, x| Ok(x.threshold(<T as Element>::from_f64(this.threshold), <T as Element>::from_f64(this.value)));
    /// The first half along an axis times the sigmoid of the second: `[.., 2 n, ..]` gives `[.., n, ..]`. PyTorch's `GLU`. Dauphin et al.,
    /// *Gated Convolutional Networks*, 2016.
    Glu {
        /// The axis. The last.
        axis: isize = -1
    } |this, x| x.glu(this.axis);
    /// `exp(x) / sum(exp(x))` along an axis.
    ///
    /// ```
    /// use tensor::dynamic::Softmax;
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::zeros_of(&[2, 4])?;
    /// assert_eq!(Softmax::new(0).forward(&x)?.to_vec()?, [0.5; 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    Softmax {
        /// The axis. The last.
        axis: isize = -1
    } |this, x| x.softmax_axis(this.axis);
    /// `x - log(sum(exp(x)))` along an axis.
    LogSoftmax {
        /// The axis. The last.
        axis: isize = -1
    } |this, x| x.log_softmax_axis(this.axis);
    /// `exp(-x) / sum(exp(-x))` along an axis.
    Softmin {
        /// The axis. The last.
        axis: isize = -1
    } |this, x| x.softmin(this.axis);
}

/// `x Phi(x)`, `Phi` the distribution function of the normal distribution; or an approximation. PyTorch's `GELU`. Hendrycks, Gimpel,
/// *Gaussian Error Linear Units*, 2016.
///
/// ```
/// use tensor::dynamic::Gelu;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic, f64>::from_vec(vec![-1., 1.], &[2])?;
/// assert_eq!(Gelu::Exact.forward(&x)?.round_decimals(4).to_vec()?, [-0.1587, 0.8413]);
/// assert_eq!(Gelu::Tanh.forward(&x)?.round_decimals(4).to_vec()?, [-0.1588, 0.8412]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gelu {
    /// By the error function. PyTorch's `approximate='none'`.
    #[default]
    Exact,
    /// `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`. PyTorch's `approximate='tanh'`.
    Tanh,
}

members!(Gelu {});

impl<T: Float> Layer<T> for Gelu {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        Ok(match self {
            Self::Exact => x.gelu(),
            Self::Tanh => x.gelu_tanh(),
        })
    }
}

/// The softmax over the channels at each place of `[batch, channels, height, width]`, or without the batch.
///
/// ```
/// use tensor::dynamic::Softmax2d;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::zeros_of(&[1, 4, 2, 2])?;
/// assert_eq!(Softmax2d.forward(&x)?.to_vec()?, [0.25; 16]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softmax2d;

members!(Softmax2d {});

impl<T: Float> Layer<T> for Softmax2d {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        if !matches!(x.sizes().len(), 3 | 4) {
            return Err(Error::shape(
                "softmax2d",
                "an input of 3 axes, or of 4 with a batch",
                describe(x.sizes()),
            ));
        }
        x.softmax_axis(-3)
    }
}

/// `x` where positive, `weight x` elsewhere, with one weight, or one for each index of axis 1. PyTorch's `PReLU`. He et al., *Delving Deep
/// into Rectifiers*, 2015.
///
/// ```
/// use tensor::dynamic::PRelu;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![-1., 2.], &[2])?;
/// assert_eq!(PRelu::new(&Device::cpu(), 1)?.forward(&x)?.to_vec()?, [-0.25, 2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PRelu<T: Float = f32> {
    /// `[count]`, starts as 0.25.
    pub weight: Parameter<Dynamic, T>,
}

members!([T: Float] PRelu<T> { weight });

impl<T: Float> PRelu<T> {
    /// A layer of so many weights: 1, or as many as there are channels; they start as 0.25.
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(device: &Device, count: usize) -> Result<Self> {
        Self::with(device, count, 0.25)
    }

    /// The same with another first weight.
    ///
    /// ```
    /// use tensor::dynamic::PRelu;
    /// use tensor::prelude::*;
    /// let x = tensor![-1., 2.].into_dynamic();
    /// assert_eq!(PRelu::with(&Device::cpu(), 1, 0.5)?.forward(&x)?.to_vec()?, [-0.5, 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn with(device: &Device, count: usize, init: f64) -> Result<Self> {
        fresh::<T, Self>(device, Seed(0), &|builder| Self {
            weight: builder.parameter("weight", &[count], Init::Constant(init)),
        })
    }
}

impl<T: Float> Layer<T> for PRelu<T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        x.prelu(&self.weight)
    }
}
