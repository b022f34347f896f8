//! Transposed convolutions.

use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, Each, TransposedConvolution};
use crate::nn::Parameter;
use crate::nn::dynamic::conv::{divided, kernel};
use crate::nn::dynamic::{Layer, fresh, members};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// The options of a [`ConvTranspose`] over `N` axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvTransposeOptions<const N: usize> {
    /// How far apart the elements of the input come in the output. 1.
    pub stride: [usize; N],
    /// How many elements the output loses on both sides of each axis. 0.
    pub padding: [usize; N],
    /// How many elements the output has more at the end of each axis; less than stride or dilation. 0.
    pub output_padding: [usize; N],
    /// Into how many groups the channels fall. 1.
    pub groups: usize,
    /// Whether there is a bias. Yes.
    pub bias: bool,
    /// How far the elements of the kernel are apart. 1.
    pub dilation: [usize; N],
}

impl<const N: usize> Default for ConvTransposeOptions<N> {
    fn default() -> Self {
        Self {
            stride: [1; N],
            padding: [0; N],
            output_padding: [0; N],
            groups: 1,
            bias: true,
            dilation: [1; N],
        }
    }
}

/// `y[n, o, stride p + dilation k - padding] += weight[c, o, k] x[n, c, p]`, and the bias: the adjoint of a convolution over `N` axes.
///
/// `x` is `[batch, in, ..]` or, without a batch, `[in, ..]`; `y` has `out` channels, and each further size is
/// `(size - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1`. See [`ConvTranspose1d`], [`ConvTranspose2d`],
/// [`ConvTranspose3d`].
///
/// Zeiler et al., *Deconvolutional Networks*, 2010.
#[derive(Clone, Debug)]
pub struct ConvTranspose<const N: usize, T: Float = f32> {
    /// `[in, out / groups, kernel..]`, starts uniform in `[-1 / sqrt(n), 1 / sqrt(n))` with `n` of `out / groups` times the kernel's sizes.
    pub weight: Parameter<Dynamic, T>,
    /// `[out]`, if there is one; starts as the weight does.
    pub bias: Option<Parameter<Dynamic, T>>,
    /// Stride, padding, dilation and groups.
    pub options: TransposedConvolution<N>,
}

members!([const N: usize, T: Float] ConvTranspose<N, T> { weight, bias });

/// [`ConvTranspose`] over `[batch, channels, length]`.
///
/// ```
/// use tensor::dynamic::ConvTranspose1d;
/// use tensor::prelude::*;
/// let layer = ConvTranspose1d::new(&Device::cpu(), Seed(0), 4, 8, 3)?;
/// assert_eq!(layer.forward(&Tensor::<Dynamic>::zeros_of(&[2, 4, 10])?)?.sizes(), [2, 8, 12]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type ConvTranspose1d<T = f32> = ConvTranspose<1, T>;

/// [`ConvTranspose`] over `[batch, channels, height, width]`.
///
/// ```
/// use tensor::dynamic::{ConvTranspose2d, ConvTransposeOptions};
/// use tensor::prelude::*;
/// let options = ConvTransposeOptions { stride: [2, 2], ..Default::default() };
/// let layer = ConvTranspose2d::with(&Device::cpu(), Seed(0), 8, 4, 2, options)?;
/// assert_eq!(layer.forward(&Tensor::<Dynamic>::zeros_of(&[1, 8, 5, 6])?)?.sizes(), [1, 4, 10, 12]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type ConvTranspose2d<T = f32> = ConvTranspose<2, T>;

/// [`ConvTranspose`] over `[batch, channels, depth, height, width]`.
pub type ConvTranspose3d<T = f32> = ConvTranspose<3, T>;

impl<const N: usize, T: Float> ConvTranspose<N, T> {
    const NAME: &'static str = match N {
        1 => "conv_transpose1d",
        2 => "conv_transpose2d",
        3 => "conv_transpose3d",
        _ => "conv_transpose",
    };

    /// A layer with fresh parameters, as PyTorch's; the kernel is as long along each axis, or has a size for each.
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(
        device: &Device,
        seed: Seed,
        inputs: usize,
        outputs: usize,
        kernel_size: impl Into<Each<N>>,
    ) -> Result<Self> {
        Self::with(
            device,
            seed,
            inputs,
            outputs,
            kernel_size,
            ConvTransposeOptions::default(),
        )
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the channels do not fall into the groups, or the device has no room.
    pub fn with(
        device: &Device,
        seed: Seed,
        inputs: usize,
        outputs: usize,
        kernel_size: impl Into<Each<N>>,
        options: ConvTransposeOptions<N>,
    ) -> Result<Self> {
        divided(options.groups, inputs, outputs)?;
        let Each(size) = kernel_size.into();
        let sizes = [&[inputs, outputs / options.groups], &size[..]].concat();
        fresh::<T, Self>(device, seed, &|builder| {
            let (weight, bias) = kernel(builder, &sizes, options.bias.then_some(outputs));
            Self {
                weight,
                bias,
                options: TransposedConvolution {
                    stride: options.stride,
                    padding: options.padding,
                    output_padding: options.output_padding,
                    dilation: options.dilation,
                    groups: options.groups,
                },
            }
        })
    }
}

impl<const N: usize, T: Float> Layer<T> for ConvTranspose<N, T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let bias = self.bias.as_deref().map(Tensor::value);
        let out = functional::transposed(Self::NAME, x.value(), self.weight.value(), bias, self.options)?;
        Ok(Tensor::of(out))
    }
}
