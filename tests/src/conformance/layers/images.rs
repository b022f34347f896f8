//! Layers of images: convolutions, pooling, borders.

use tensor::functional::{AvgPool, MaxPool};
use tensor::{Float, Seed, dynamic};

use super::{Made, New, layer, module};
use crate::conformance::any::Listed;
use crate::conformance::axes::{each, each_opt, output_sizes, padding};
use crate::conformance::{Call, IntoAnswer, Refusal};

type Outcome = Result<Box<dyn Made>, Refusal>;

/// Makes a layer of this family.
pub fn build<T: Float + Listed>(new: &New<'_>) -> Outcome {
    let class = new.class();
    let Some((kind, axes)) = class
        .strip_suffix('d')
        .and_then(|class| class.split_at_checked(class.len() - 1))
    else {
        return Err(Refusal::Unknown);
    };
    match axes {
        "1" => along::<1, T>(new, kind),
        "2" => along::<2, T>(new, kind),
        "3" => along::<3, T>(new, kind),
        _ => Err(Refusal::Unknown),
    }
}

fn along<const N: usize, T: Float + Listed>(new: &New<'_>, kind: &str) -> Outcome {
    let call = &new.call;
    match kind {
        "Conv" => conv::<N, T>(new),
        "ConvTranspose" => conv_transpose::<N, T>(new),
        "MaxPool" => {
            let options = MaxPool {
                stride: each_opt(call, 1, "stride")?,
                padding: each(call, 2, "padding", 0)?,
                dilation: each(call, 3, "dilation", 1)?,
                ceil_mode: call.bool_or(5, "ceil_mode", false)?,
            };
            let made = dynamic::MaxPool::<N>::with(kernel_size(call, 0)?, options);
            match call.bool_or(4, "return_indices", false)? {
                false => layer::<T, _>(new, made),
                true => module::<T, _, _>(new, made, |layer, call| {
                    layer
                        .forward_with_indices(call.tensor(0, "input")?.typed::<T>()?)
                        .into_answer()
                }),
            }
        }
        "AvgPool" => {
            let options = AvgPool {
                stride: each_opt(call, 1, "stride")?,
                padding: each(call, 2, "padding", 0)?,
                ceil_mode: call.bool_or(3, "ceil_mode", false)?,
                count_include_pad: call.bool_or(4, "count_include_pad", true)?,
                divisor_override: call.int_opt(5, "divisor_override")?,
            };
            layer::<T, _>(new, dynamic::AvgPool::<N>::with(kernel_size(call, 0)?, options))
        }
        "LPPool" => {
            let made = dynamic::LpPool::<N> {
                norm_type: call.float(0, "norm_type")?,
                kernel_size: kernel_size(call, 1)?,
                stride: each_opt(call, 2, "stride")?,
                ceil_mode: call.bool_or(3, "ceil_mode", false)?,
            };
            layer::<T, _>(new, made)
        }
        "AdaptiveAvgPool" => layer::<T, _>(new, dynamic::AdaptiveAvgPool::<N>::new(output_sizes(call, 0)?)),
        "AdaptiveMaxPool" => {
            let made = dynamic::AdaptiveMaxPool::<N>::new(output_sizes(call, 0)?);
            match call.bool_or(1, "return_indices", false)? {
                false => layer::<T, _>(new, made),
                true => module::<T, _, _>(new, made, |layer, call| {
                    layer
                        .forward_with_indices(call.tensor(0, "input")?.typed::<T>()?)
                        .into_answer()
                }),
            }
        }
        "ZeroPad" => layer::<T, _>(new, dynamic::ZeroPad::<N>::new(borders(call)?)),
        "ConstantPad" => {
            let made = dynamic::ConstantPad::<N>::new(borders(call)?, call.float(1, "value")?);
            layer::<T, _>(new, made)
        }
        "ReflectionPad" => layer::<T, _>(new, dynamic::ReflectionPad::<N>::new(borders(call)?)),
        "ReplicationPad" => layer::<T, _>(new, dynamic::ReplicationPad::<N>::new(borders(call)?)),
        "CircularPad" => layer::<T, _>(new, dynamic::CircularPad::<N>::new(borders(call)?)),
        _ => Err(Refusal::Unknown),
    }
}

fn kernel_size<const N: usize>(call: &Call, position: usize) -> Result<[usize; N], Refusal> {
    call.need(position, "kernel_size")?;
    each(call, position, "kernel_size", 1)
}

/// One border for all sides, or one for each, from the last axis on.
fn borders<const N: usize>(call: &Call) -> Result<[(isize, isize); N], Refusal> {
    let sizes = call.need(0, "padding")?.ints()?;
    match sizes[..] {
        [one] => Ok([(one as isize, one as isize); N]),
        _ if sizes.len() == 2 * N => {
            let pair = |axis: usize| (sizes[2 * axis] as isize, sizes[2 * axis + 1] as isize);
            Ok(std::array::from_fn(pair))
        }
        _ => Err(Refusal::form(format!("{} borders for {N} axes", sizes.len()))),
    }
}

/// Input and output channels and the size of the kernel.
fn conv_sizes<const N: usize>(call: &Call) -> Result<(usize, usize, [usize; N]), Refusal> {
    let (inputs, outputs) = (call.size(0, "in_channels")?, call.size(1, "out_channels")?);
    Ok((inputs, outputs, kernel_size(call, 2)?))
}

fn conv<const N: usize, T: Float + Listed>(new: &New<'_>) -> Outcome {
    let call = &new.call;
    let (inputs, outputs, kernel) = conv_sizes::<N>(call)?;
    let padding_mode = match call.text_or(8, "padding_mode", "zeros")? {
        "zeros" => dynamic::PaddingMode::Zeros,
        "reflect" => dynamic::PaddingMode::Reflect,
        "replicate" => dynamic::PaddingMode::Replicate,
        "circular" => dynamic::PaddingMode::Circular,
        other => return Err(Refusal::form(format!("the padding mode {other:?}"))),
    };
    let options = dynamic::ConvOptions {
        stride: each(call, 3, "stride", 1)?,
        padding: padding(call, 4)?,
        dilation: each(call, 5, "dilation", 1)?,
        groups: call.int_or(6, "groups", 1)? as usize,
        bias: call.bool_or(7, "bias", true)?,
        padding_mode,
    };
    let made = dynamic::Conv::<N, T>::with(&new.device, Seed(0), inputs, outputs, kernel, options)?;
    layer::<T, _>(new, made)
}

fn conv_transpose<const N: usize, T: Float + Listed>(new: &New<'_>) -> Outcome {
    let call = &new.call;
    let (inputs, outputs, kernel) = conv_sizes::<N>(call)?;
    let options = dynamic::ConvTransposeOptions {
        stride: each(call, 3, "stride", 1)?,
        padding: each(call, 4, "padding", 0)?,
        output_padding: each(call, 5, "output_padding", 0)?,
        groups: call.int_or(6, "groups", 1)? as usize,
        bias: call.bool_or(7, "bias", true)?,
        dilation: each(call, 8, "dilation", 1)?,
    };
    let made = dynamic::ConvTranspose::<N, T>::with(&new.device, Seed(0), inputs, outputs, kernel, options)?;
    layer::<T, _>(new, made)
}
