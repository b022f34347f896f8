//! Pooling, and the windows of images.

use tensor::functional::{self, AvgPool, Each, MaxPool, Unfold};

use crate::conformance::any::{each as every, float, number};
use crate::conformance::axes::{each, each_opt, output_sizes};
use crate::conformance::{Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    macro_rules! max_pool {
        ($values:ident $both:ident) => {{
            let (kernel, options) = (kernel(call)?, max_options(call)?);
            match call.bool_or(6, "return_indices", false)? {
                true => number!(call, |input| functional::$both(input, kernel, options)),
                false => number!(call, |input| functional::$values(input, kernel, options)),
            }
        }};
    }
    macro_rules! avg_pool {
        ($function:ident) => {{
            let (kernel, options) = (kernel(call)?, avg_options(call)?);
            number!(call, |input| functional::$function(input, kernel, options))
        }};
    }
    match call.name().trim_start_matches("nn.functional.") {
        "max_pool1d" => max_pool!(max_pool1d max_pool1d_with_indices),
        "max_pool2d" => max_pool!(max_pool2d max_pool2d_with_indices),
        "max_pool3d" => max_pool!(max_pool3d max_pool3d_with_indices),
        "avg_pool1d" => avg_pool!(avg_pool1d),
        "avg_pool2d" => avg_pool!(avg_pool2d),
        "avg_pool3d" => avg_pool!(avg_pool3d),
        "adaptive_avg_pool1d" => {
            let output = output_sizes(call, 1)?;
            float!(call, |input| functional::adaptive_avg_pool1d(input, output))
        }
        "adaptive_avg_pool2d" => {
            let output = output_sizes(call, 1)?;
            float!(call, |input| functional::adaptive_avg_pool2d(input, output))
        }
        "adaptive_avg_pool3d" => {
            let output = output_sizes(call, 1)?;
            float!(call, |input| functional::adaptive_avg_pool3d(input, output))
        }
        "adaptive_max_pool1d" => {
            let output = output_sizes(call, 1)?;
            match call.bool_or(2, "return_indices", false)? {
                true => float!(call, |input| functional::adaptive_max_pool1d_with_indices(
                    input, output
                )),
                false => float!(call, |input| functional::adaptive_max_pool1d(input, output)),
            }
        }
        "adaptive_max_pool2d" => {
            let output = output_sizes(call, 1)?;
            match call.bool_or(2, "return_indices", false)? {
                true => float!(call, |input| functional::adaptive_max_pool2d_with_indices(
                    input, output
                )),
                false => float!(call, |input| functional::adaptive_max_pool2d(input, output)),
            }
        }
        "adaptive_max_pool3d" => {
            let output = output_sizes(call, 1)?;
            match call.bool_or(2, "return_indices", false)? {
                true => float!(call, |input| functional::adaptive_max_pool3d_with_indices(
                    input, output
                )),
                false => float!(call, |input| functional::adaptive_max_pool3d(input, output)),
            }
        }
        "unfold" if call.name() != "unfold" => {
            let kernel: Each<2> = kernel(call)?;
            let options = Unfold {
                dilation: each(call, 2, "dilation", 1)?,
                padding: each(call, 3, "padding", 0)?,
                stride: each(call, 4, "stride", 1)?,
            };
            every!(call, |input| functional::unfold(input, kernel, options))
        }
        "fold" => {
            let output = each(call, 1, "output_size", 1)?;
            let kernel: [usize; 2] = each(call, 2, "kernel_size", 1)?;
            let options = Unfold {
                dilation: each(call, 3, "dilation", 1)?,
                padding: each(call, 4, "padding", 0)?,
                stride: each(call, 5, "stride", 1)?,
            };
            number!(call, |input| functional::fold(input, output, kernel, options))
        }
        _ => Err(Refusal::Unknown),
    }
}

fn kernel<const N: usize>(call: &Call) -> Result<Each<N>, Refusal> {
    call.need(1, "kernel_size")?;
    Ok(each(call, 1, "kernel_size", 1)?.into())
}

fn max_options<const N: usize>(call: &Call) -> Result<MaxPool<N>, Refusal> {
    Ok(MaxPool {
        stride: each_opt(call, 2, "stride")?,
        padding: each(call, 3, "padding", 0)?,
        dilation: each(call, 4, "dilation", 1)?,
        ceil_mode: call.bool_or(5, "ceil_mode", false)?,
    })
}

fn avg_options<const N: usize>(call: &Call) -> Result<AvgPool<N>, Refusal> {
    Ok(AvgPool {
        stride: each_opt(call, 2, "stride")?,
        padding: each(call, 3, "padding", 0)?,
        ceil_mode: call.bool_or(4, "ceil_mode", false)?,
        count_include_pad: call.bool_or(5, "count_include_pad", true)?,
        divisor_override: call.int_opt(6, "divisor_override")?,
    })
}
