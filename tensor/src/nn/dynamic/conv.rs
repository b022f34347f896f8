//! Convolutions.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional::{self, Convolution, Each, Padding};
use crate::layout;
use crate::nn::dynamic::{Layer, fresh, members};
use crate::nn::{Builder, Init, Parameter};
use crate::ops::pad::Pad;
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// What the padding of a convolution is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaddingMode {
    /// Zeros.
    #[default]
    Zeros,
    /// What lies on the other side of the edge, which is not repeated.
    Reflect,
    /// The element at the edge.
    Replicate,
    /// What comes at the other end.
    Circular,
}

impl PaddingMode {
    fn pad<T: Float>(self) -> Option<Pad<T>> {
        match self {
            Self::Zeros => None,
            Self::Reflect => Some(Pad::Reflect),
            Self::Replicate => Some(Pad::Replicate),
            Self::Circular => Some(Pad::Circular),
        }
    }
}

/// The options of a [`Conv`] over `N` axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvOptions<const N: usize> {
    /// How far the kernel goes from one position to the next. 1.
    pub stride: [usize; N],
    /// What stands around the input: nothing, so much on both sides, or so much that the sizes stay. Nothing.
    pub padding: Padding<N>,
    /// How far the elements of the kernel are apart. 1.
    pub dilation: [usize; N],
    /// Into how many groups the channels fall: outputs of a group see the inputs of that group alone. 1.
    pub groups: usize,
    /// Whether there is a bias. Yes.
    pub bias: bool,
    /// What the padding is made of. Zeros.
    pub padding_mode: PaddingMode,
}

impl<const N: usize> Default for ConvOptions<N> {
    fn default() -> Self {
        Self {
            stride: [1; N],
            padding: Padding::Valid,
            dilation: [1; N],
            groups: 1,
            bias: true,
            padding_mode: PaddingMode::Zeros,
        }
    }
}

/// That channels fall into groups.
pub(super) fn divided(groups: usize, inputs: usize, outputs: usize) -> Result<()> {
    if groups > 0 && inputs.is_multiple_of(groups) && outputs.is_multiple_of(groups) {
        return Ok(());
    }
    Err(Error::argument(
        "groups",
        format!("a divisor of {inputs} input and {outputs} output channels"),
        groups,
    ))
}

/// Weight and bias of a convolution, uniform in `[-1 / sqrt(n), 1 / sqrt(n))` for `n` elements of the weight behind the first axis.
pub(super) fn kernel<T: Float>(
    builder: &mut Builder<'_>,
    sizes: &[usize],
    outputs: Option<usize>,
) -> (Parameter<Dynamic, T>, Option<Parameter<Dynamic, T>>) {
    let init = Init::linear(layout::len(&sizes[1..]));
    let weight = builder.parameter("weight", sizes, init);
    (
        weight,
        outputs.map(|outputs| builder.parameter("bias", &[outputs], init)),
    )
}

/// `y[n, o, p] = bias[o] + sum over c, k of weight[o, c, k] x[n, c, stride p + dilation k - padding]`, a cross-correlation over `N` axes.
///
/// `x` is `[batch, in, ..]` or, without a batch, `[in, ..]`; `y` has `out` channels, and each further size is
/// `(size + 2 padding - dilation (kernel - 1) - 1) / stride + 1`, rounded down. See [`Conv1d`], [`Conv2d`], [`Conv3d`].
///
/// LeCun et al., *Backpropagation Applied to Handwritten Zip Code Recognition*, 1989.
#[derive(Clone, Debug)]
pub struct Conv<const N: usize, T: Float = f32> {
    /// `[out, in / groups, kernel..]`, starts uniform in `[-1 / sqrt(n), 1 / sqrt(n))` with `n` of `in / groups` times the kernel's sizes.
    pub weight: Parameter<Dynamic, T>,
    /// `[out]`, if there is one; starts as the weight does.
    pub bias: Option<Parameter<Dynamic, T>>,
    /// Stride, padding, dilation and groups.
    pub options: Convolution<N>,
    /// What the padding is made of.
    pub padding_mode: PaddingMode,
}

members!([const N: usize, T: Float] Conv<N, T> { weight, bias });

/// [`Conv`] over `[batch, channels, length]`.
///
/// ```
/// use tensor::dynamic::Conv1d;
/// use tensor::prelude::*;
/// let layer = Conv1d::new(&Device::cpu(), Seed(0), 4, 8, 3)?;
/// assert_eq!(layer.forward(&Tensor::<Dynamic>::zeros_of(&[2, 4, 10])?)?.sizes(), [2, 8, 8]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type Conv1d<T = f32> = Conv<1, T>;

/// [`Conv`] over `[batch, channels, height, width]`.
///
/// ```
/// use tensor::dynamic::{Conv2d, ConvOptions};
/// use tensor::prelude::*;
/// let options = ConvOptions { stride: [2, 2], padding: 1.into(), bias: false, ..Default::default() };
/// let layer = Conv2d::with(&Device::cpu(), Seed(0), 3, 8, 3, options)?;
/// assert_eq!(layer.forward(&Tensor::<Dynamic>::zeros_of(&[1, 3, 32, 32])?)?.sizes(), [1, 8, 16, 16]);
/// assert_eq!(layer.num_parameters(), 8 * 3 * 3 * 3);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type Conv2d<T = f32> = Conv<2, T>;

/// [`Conv`] over `[batch, channels, depth, height, width]`.
///
/// ```
/// use tensor::dynamic::{Conv3d, ConvOptions};
/// use tensor::functional::Padding;
/// use tensor::prelude::*;
/// let options = ConvOptions { padding: Padding::Same, ..Default::default() };
/// let layer = Conv3d::with(&Device::cpu(), Seed(0), 1, 2, [3, 1, 2], options)?;
/// assert_eq!(layer.forward(&Tensor::<Dynamic>::zeros_of(&[1, 1, 4, 5, 6])?)?.sizes(), [1, 2, 4, 5, 6]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type Conv3d<T = f32> = Conv<3, T>;

impl<const N: usize, T: Float> Conv<N, T> {
    const NAME: &'static str = match N {
        1 => "conv1d",
        2 => "conv2d",
        3 => "conv3d",
        _ => "conv",
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
        Self::with(device, seed, inputs, outputs, kernel_size, ConvOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the channels do not fall into the groups, the sizes cannot stay with that stride, or the device has no room.
    pub fn with(
        device: &Device,
        seed: Seed,
        inputs: usize,
        outputs: usize,
        kernel_size: impl Into<Each<N>>,
        options: ConvOptions<N>,
    ) -> Result<Self> {
        divided(options.groups, inputs, outputs)?;
        if options.padding == Padding::Same && options.stride != [1; N] {
            return Err(Error::argument(
                "stride",
                "1 where the padding is `same`",
                layout::describe(&options.stride),
            ));
        }
        let Each(size) = kernel_size.into();
        let sizes = [&[outputs, inputs / options.groups], &size[..]].concat();
        fresh::<T, Self>(device, seed, &|builder| {
            let (weight, bias) = kernel(builder, &sizes, options.bias.then_some(outputs));
            Self {
                weight,
                bias,
                options: Convolution {
                    stride: options.stride,
                    padding: options.padding,
                    dilation: options.dilation,
                    groups: options.groups,
                },
                padding_mode: options.padding_mode,
            }
        })
    }

    /// How much stands before and behind the last axes, in pairs from the last one on.
    fn borders(&self) -> Result<Vec<isize>> {
        let kernel = &self.weight.sizes()[2..];
        let mut pads = Vec::with_capacity(2 * N);
        for (axis, &size) in kernel.iter().enumerate().rev() {
            let [before, behind] = match self.options.padding {
                Padding::Valid => [0, 0],
                Padding::Each(zeros) => [zeros[axis]; 2],
                Padding::Same => {
                    let all = self.options.dilation[axis].saturating_mul(size.saturating_sub(1));
                    [all / 2, all - all / 2]
                }
            };
            for pad in [before, behind] {
                let fits = |_| Error::argument("padding", "what fits in memory", pad);
                pads.push(isize::try_from(pad).map_err(fits)?);
            }
        }
        Ok(pads)
    }
}

impl<const N: usize, T: Float> Layer<T> for Conv<N, T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let bias = self.bias.as_deref().map(Tensor::value);
        let weight = self.weight.value();
        let out = match self.padding_mode.pad() {
            None => functional::convolution(Self::NAME, x.value(), weight, bias, self.options)?,
            Some(pad) => {
                let x = x.pad(&self.borders()?, pad)?;
                let options = Convolution {
                    padding: Padding::Valid,
                    ..self.options
                };
                functional::convolution(Self::NAME, x.value(), weight, bias, options)?
            }
        };
        Ok(Tensor::of(out))
    }
}
