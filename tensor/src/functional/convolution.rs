//! Convolution and transposed convolution over one, two and three axes.

use crate::element::Numeric;
use crate::error::{Error, Result};
use crate::functional::{images, positive, span};
use crate::layout::{Axes, describe, room};
use crate::ops::convolution::{Geometry, Reach, convolve, spread};
use crate::ops::elements::same_elements;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// What stands around the input of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding<const N: usize> {
    /// Nothing.
    Valid,
    /// So many zeros that the output is as large as the input; of an odd number one more behind it. For a stride of 1.
    Same,
    /// So many zeros on both sides of each axis.
    Each([usize; N]),
}

impl<const N: usize> From<usize> for Padding<N> {
    fn from(zeros: usize) -> Self {
        Self::Each([zeros; N])
    }
}

impl<const N: usize> From<[usize; N]> for Padding<N> {
    fn from(zeros: [usize; N]) -> Self {
        Self::Each(zeros)
    }
}

/// The options of a convolution over `N` axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution<const N: usize> {
    /// How far the kernel goes from one position to the next. 1.
    pub stride: [usize; N],
    /// What stands around the input. Nothing.
    pub padding: Padding<N>,
    /// How far the elements of the kernel are apart. 1.
    pub dilation: [usize; N],
    /// Into how many groups the channels fall: outputs of a group see the inputs of that group alone. 1.
    pub groups: usize,
}

impl<const N: usize> Default for Convolution<N> {
    fn default() -> Self {
        Self {
            stride: [1; N],
            padding: Padding::Valid,
            dilation: [1; N],
            groups: 1,
        }
    }
}

/// The options of a transposed convolution over `N` axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransposedConvolution<const N: usize> {
    /// How far apart the elements of the input come in the output. 1.
    pub stride: [usize; N],
    /// How many elements the output loses on both sides of each axis. 0.
    pub padding: [usize; N],
    /// How many elements the output has more at the end of each axis: it tells apart the inputs that a convolution makes as large. It is
    /// less than the stride or the dilation. 0.
    pub output_padding: [usize; N],
    /// How far the elements of the kernel are apart. 1.
    pub dilation: [usize; N],
    /// Into how many groups the channels fall. 1.
    pub groups: usize,
}

impl<const N: usize> Default for TransposedConvolution<N> {
    fn default() -> Self {
        Self {
            stride: [1; N],
            padding: [0; N],
            output_padding: [0; N],
            dilation: [1; N],
            groups: 1,
        }
    }
}

/// The operands of a convolution after what is checked of both kinds, with the input as a batch.
struct Operands {
    x: Value,
    batched: bool,
    channels: usize,
}

impl Operands {
    fn new(name: &'static str, n: usize, x: &Value, weight: &Value, groups: usize) -> Result<Self> {
        same_elements(name, x.dtype(), weight.dtype())?;
        x.same_device(name, weight)?;
        let (x, batched) = images(name, x, n)?;
        if weight.layout.rank() != n + 2 {
            return Err(Error::shape(
                name,
                format!("a weight of {} axes", n + 2),
                describe(weight.sizes()),
            ));
        }
        if groups == 0 {
            return Err(Error::argument("groups", "1 or more", groups));
        }
        let channels = x.sizes()[1];
        Ok(Self { x, batched, channels })
    }

    /// `out` plus the bias of each channel, in the form that the input came in.
    fn finish(self, name: &'static str, out: Value, bias: Option<&Value>) -> Result<Value> {
        let out = match bias {
            None => out,
            Some(bias) => {
                let channels = out.sizes()[1];
                if bias.sizes() != [channels] {
                    return Err(Error::shape(
                        name,
                        format!("a bias of [{channels}]"),
                        describe(bias.sizes()),
                    ));
                }
                let mut sizes: Axes<usize> = out.sizes().iter().map(|_| 1).collect();
                sizes[1] = channels;
                out.add(&bias.reshape(&sizes))?
            }
        };
        Ok(if self.batched { out } else { out.squeeze(0) })
    }
}

/// That all that is made on the way can be addressed.
fn check(geometry: &Geometry, images: usize) -> Result<()> {
    let axes = |size: fn(&Reach) -> usize| geometry.axes.iter().map(size);
    let sizes = |lead: &[usize], size| -> Axes<usize> { lead.iter().copied().chain(axes(size)).collect() };
    let name = geometry.name;
    room(
        name,
        &sizes(&[images, geometry.channels], |axis| {
            axis.before + axis.input + axis.after
        }),
    )?;
    room(name, &sizes(&[images, geometry.outputs], |axis| axis.output))?;
    let columns: Axes<usize> = sizes(&[geometry.channels], |axis| axis.kernel)
        .into_iter()
        .chain(axes(|axis| axis.output))
        .collect();
    room(name, &columns)
}

pub(crate) fn convolution<const N: usize>(
    name: &'static str,
    x: &Value,
    weight: &Value,
    bias: Option<&Value>,
    options: Convolution<N>,
) -> Result<Value> {
    let groups = options.groups;
    let operands = Operands::new(name, N, x, weight, groups)?;
    let (sizes, outputs) = (weight.sizes(), weight.sizes()[0]);
    positive("stride", &options.stride)?;
    positive("dilation", &options.dilation)?;
    if !outputs.is_multiple_of(groups) || outputs < groups {
        return Err(Error::shape(
            name,
            format!("a weight whose outputs fall into {groups} groups"),
            describe(sizes),
        ));
    }
    if sizes[1].checked_mul(groups) != Some(operands.channels) {
        return Err(Error::shape(
            name,
            format!(
                "an input of {} channels in {groups} groups, as the weight {} has",
                sizes[1].saturating_mul(groups),
                describe(sizes)
            ),
            describe(x.sizes()),
        ));
    }
    let mut axes: Axes<Reach> = Axes::new();
    for axis in 0..N {
        let (input, kernel) = (operands.x.sizes()[axis + 2], sizes[axis + 2]);
        let (stride, dilation) = (options.stride[axis], options.dilation[axis]);
        let reach = span(name, x, kernel, dilation)?;
        let (before, after) = match options.padding {
            Padding::Valid => (0, 0),
            Padding::Each(zeros) => (zeros[axis], zeros[axis]),
            Padding::Same if options.stride != [1; N] => {
                return Err(Error::argument(
                    "padding",
                    "numbers, where the stride is not 1",
                    "`Same`",
                ));
            }
            Padding::Same => ((reach - 1) / 2, reach / 2),
        };
        let padded = input.checked_add(before).and_then(|size| size.checked_add(after));
        let Some(room) = padded.and_then(|padded| padded.checked_sub(reach)) else {
            return Err(Error::shape(
                name,
                format!(
                    "an input that a kernel of {} with dilation {dilation} fits in",
                    describe(&sizes[2..])
                ),
                format!("{} with padding {before} and {after}", describe(x.sizes())),
            ));
        };
        axes.push(Reach {
            input,
            kernel,
            stride,
            dilation,
            before,
            after,
            output: room / stride + 1,
        });
    }
    let geometry = Geometry {
        name,
        groups,
        channels: operands.channels,
        outputs,
        axes,
    };
    check(&geometry, operands.x.sizes()[0])?;
    let out = convolve(&operands.x, weight, &geometry)?;
    operands.finish(name, out, bias)
}

pub(crate) fn transposed<const N: usize>(
    name: &'static str,
    x: &Value,
    weight: &Value,
    bias: Option<&Value>,
    options: TransposedConvolution<N>,
) -> Result<Value> {
    let groups = options.groups;
    let operands = Operands::new(name, N, x, weight, groups)?;
    let sizes = weight.sizes();
    positive("stride", &options.stride)?;
    positive("dilation", &options.dilation)?;
    if sizes[0] != operands.channels || !sizes[0].is_multiple_of(groups) {
        return Err(Error::shape(
            name,
            format!(
                "an input of {} channels in {groups} groups, as the weight {} has",
                sizes[0],
                describe(sizes)
            ),
            describe(x.sizes()),
        ));
    }
    let mut axes: Axes<Reach> = Axes::new();
    for axis in 0..N {
        let (positions, kernel) = (operands.x.sizes()[axis + 2], sizes[axis + 2]);
        let (stride, dilation, padding) = (options.stride[axis], options.dilation[axis], options.padding[axis]);
        let more = options.output_padding[axis];
        if more >= stride.max(dilation) {
            return Err(Error::argument(
                "output_padding",
                format!("less than the stride {stride} or the dilation {dilation}"),
                more,
            ));
        }
        let reach = span(name, x, kernel, dilation)?;
        let whole = positions
            .checked_sub(1)
            .and_then(|steps| steps.checked_mul(stride))
            .and_then(|size| size.checked_add(reach)?.checked_add(more));
        let input = padding
            .checked_mul(2)
            .and_then(|lost| whole?.checked_sub(lost))
            .filter(|&input| input > 0);
        let Some(input) = input else {
            return Err(Error::shape(
                name,
                format!(
                    "an input that a kernel of {} with padding {padding} makes an output of",
                    describe(&sizes[2..])
                ),
                describe(x.sizes()),
            ));
        };
        axes.push(Reach {
            input,
            kernel,
            stride,
            dilation,
            before: padding,
            after: padding,
            output: positions,
        });
    }
    let channels = sizes[1].saturating_mul(groups);
    let geometry = Geometry {
        name,
        groups,
        channels,
        outputs: sizes[0],
        axes,
    };
    check(&geometry, operands.x.sizes()[0])?;
    let out = spread(&operands.x, weight, &geometry)?;
    operands.finish(name, out, bias)
}

macro_rules! convolutions {
    ($($(#[$doc:meta])* $name:ident $N:literal $axes:literal $outs:literal;)*) => {
        $($(#[$doc])*
        ///
        #[doc = concat!("`out[n, o, p] = bias[o] + sum over c, k of weight[o, c, k] x[n, c, stride p + dilation k - padding]` with `x` of `[batch, channels, ", $axes, "]` or, without a batch, `[channels, ", $axes, "]`, `weight` of `[outputs, channels / groups, kernel..]`, `bias` of `[outputs]` and the result of `[batch, outputs, ", $outs, "]`,")]
        /// where each size is `(size + 2 padding - dilation (kernel - 1) - 1) / stride + 1`, rounded down.
        ///
        /// # Errors
        /// Where the channels do not fit, the kernel is larger than the input, or an option is 0 that must not be.
        ///
        /// ```
        #[doc = concat!("use tensor::functional::{Convolution, ", stringify!($name), "};")]
        /// use tensor::prelude::*;
        #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![1.; 1 << (2 * ", $N, ")], &[&[1, 1][..], &[4; ", $N, "]].concat())?;")]
        #[doc = concat!("let weight = Tensor::<Dynamic>::from_vec(vec![1.; 1 << ", $N, "], &[&[1, 1][..], &[2; ", $N, "]].concat())?;")]
        #[doc = concat!("let y = ", stringify!($name), "(&x, &weight, None, Convolution::default())?;")]
        #[doc = concat!("assert_eq!(y.to_vec()?, vec![(1 << ", $N, ") as f32; 3usize.pow(", $N, ")]);")]
        /// # Ok::<(), tensor::Error>(())
        /// ```
        pub fn $name<T: Numeric>(
            x: &Tensor<Dynamic, T>,
            weight: &Tensor<Dynamic, T>,
            bias: Option<&Tensor<Dynamic, T>>,
            options: Convolution<$N>,
        ) -> Result<Tensor<Dynamic, T>> {
            let bias = bias.map(Tensor::value);
            convolution(stringify!($name), x.value(), weight.value(), bias, options).map(Tensor::of)
        })*
    };
}

convolutions! {
    /// Convolution along one axis.
    conv1d 1 "length" "length";
    /// Convolution along two axes.
    conv2d 2 "height, width" "height, width";
    /// Convolution along three axes.
    conv3d 3 "depth, height, width" "depth, height, width";
}

macro_rules! transposed_convolutions {
    ($($(#[$doc:meta])* $name:ident $N:literal $axes:literal;)*) => {
        $($(#[$doc])*
        ///
        #[doc = concat!("The adjoint of the convolution with the same options: `out[n, o, stride p + dilation k - padding] += weight[c, o, k] x[n, c, p]`, with `x` of `[batch, channels, ", $axes, "]` or without the batch, `weight` of `[channels, outputs / groups, kernel..]` and `bias` of `[outputs]`.")]
        /// Each size of the result is `(size - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1`.
        ///
        /// # Errors
        /// Where the channels do not fit, nothing is left of the output, or an option is not what it must be.
        ///
        /// ```
        #[doc = concat!("use tensor::functional::{TransposedConvolution, ", stringify!($name), "};")]
        /// use tensor::prelude::*;
        #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![1.; 1 << (2 * ", $N, ")], &[&[1, 1][..], &[4; ", $N, "]].concat())?;")]
        #[doc = concat!("let weight = Tensor::<Dynamic>::from_vec(vec![1.; 1 << ", $N, "], &[&[1, 1][..], &[2; ", $N, "]].concat())?;")]
        #[doc = concat!("let options = TransposedConvolution { stride: [2; ", $N, "], ..Default::default() };")]
        #[doc = concat!("let y = ", stringify!($name), "(&x, &weight, None, options)?;")]
        #[doc = concat!("assert_eq!(y.to_vec()?, vec![1.; 8usize.pow(", $N, ")]);")]
        /// # Ok::<(), tensor::Error>(())
        /// ```
        pub fn $name<T: Numeric>(
            x: &Tensor<Dynamic, T>,
            weight: &Tensor<Dynamic, T>,
            bias: Option<&Tensor<Dynamic, T>>,
            options: TransposedConvolution<$N>,
        ) -> Result<Tensor<Dynamic, T>> {
            let bias = bias.map(Tensor::value);
            transposed(stringify!($name), x.value(), weight.value(), bias, options).map(Tensor::of)
        })*
    };
}

transposed_convolutions! {
    /// Transposed convolution along one axis.
    conv_transpose1d 1 "length";
    /// Transposed convolution along two axes.
    conv_transpose2d 2 "height, width";
    /// Transposed convolution along three axes.
    conv_transpose3d 3 "depth, height, width";
}
