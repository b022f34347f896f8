//! Convolutions.

use tensor::functional::{self, Convolution, Padding, TransposedConvolution};

use super::layers::like;
use crate::conformance::any::number;
use crate::conformance::{Argument, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    macro_rules! convolution {
        ($function:ident, $options:expr) => {{
            let (bias, options) = (call.tensor_opt(2, "bias")?, $options);
            number!(call, |input, weight| functional::$function(
                input,
                weight,
                like(&bias, input)?,
                options
            ))
        }};
    }
    match call.name().trim_start_matches("nn.functional.") {
        "conv1d" => convolution!(conv1d, plain(call)?),
        "conv2d" => convolution!(conv2d, plain(call)?),
        "conv3d" => convolution!(conv3d, plain(call)?),
        "conv_transpose1d" => convolution!(conv_transpose1d, transposed(call)?),
        "conv_transpose2d" => convolution!(conv_transpose2d, transposed(call)?),
        "conv_transpose3d" => convolution!(conv_transpose3d, transposed(call)?),
        _ => Err(Refusal::Unknown),
    }
}

/// A number for each axis: one for all of them, or a list.
pub(super) fn each<const N: usize>(
    call: &Call,
    position: usize,
    name: &str,
    default: usize,
) -> Result<[usize; N], Refusal> {
    Ok(each_opt(call, position, name)?.unwrap_or([default; N]))
}

/// The same, where there is one; an empty list is none.
pub(super) fn each_opt<const N: usize>(
    call: &Call,
    position: usize,
    name: &str,
) -> Result<Option<[usize; N]>, Refusal> {
    let Some(numbers) = call.ints_opt(position, name)? else {
        return Ok(None);
    };
    let sizes: Vec<usize> = numbers
        .iter()
        .map(|&number| usize::try_from(number))
        .collect::<Result<_, _>>()
        .map_err(|_| Refusal::form(format!("`{name}`: {numbers:?} where numbers from 0 on are taken")))?;
    match sizes.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some([*one; N])),
        sizes => match sizes.try_into() {
            Ok(sizes) => Ok(Some(sizes)),
            Err(_) => Err(Refusal::form(format!(
                "`{name}`: {} numbers where {N} are taken",
                sizes.len()
            ))),
        },
    }
}

fn plain<const N: usize>(call: &Call) -> Result<Convolution<N>, Refusal> {
    let padding = match call.get(4, "padding") {
        Some(Argument::Text(word)) if word == "same" => Padding::Same,
        Some(Argument::Text(word)) if word == "valid" => Padding::Valid,
        _ => each(call, 4, "padding", 0)?.into(),
    };
    Ok(Convolution {
        stride: each(call, 3, "stride", 1)?,
        padding,
        dilation: each(call, 5, "dilation", 1)?,
        groups: groups(call, 6)?,
    })
}

fn transposed<const N: usize>(call: &Call) -> Result<TransposedConvolution<N>, Refusal> {
    Ok(TransposedConvolution {
        stride: each(call, 3, "stride", 1)?,
        padding: each(call, 4, "padding", 0)?,
        output_padding: each(call, 5, "output_padding", 0)?,
        groups: groups(call, 6)?,
        dilation: each(call, 7, "dilation", 1)?,
    })
}

fn groups(call: &Call, position: usize) -> Result<usize, Refusal> {
    match call.get(position, "groups") {
        Some(_) => call.size(position, "groups"),
        None => Ok(1),
    }
}
