//! Convolutions.

use tensor::functional::{self, Convolution, TransposedConvolution};

use super::layers::like;
use crate::conformance::any::number;
use crate::conformance::axes::{each, padding};
use crate::conformance::{Call, Outcome, Refusal};

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

fn plain<const N: usize>(call: &Call) -> Result<Convolution<N>, Refusal> {
    Ok(Convolution {
        stride: each(call, 3, "stride", 1)?,
        padding: padding(call, 4)?,
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
