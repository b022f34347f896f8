//! What layers do: softmax, normalisation, convolution, pooling, attention.

use tensor::Dynamic;
use tensor::Tensor;

use crate::conformance::any::{Listed, float};
use crate::conformance::{Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "softmax" | "nn.functional.softmax" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis(1, "dim")?);
            float!(|input| along(input, axis, Tensor::softmax))
        }
        "log_softmax" | "nn.functional.log_softmax" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis(1, "dim")?);
            float!(|input| along(input, axis, Tensor::log_softmax))
        }
        _ => Err(Refusal::Unknown),
    }
}

/// What goes along the last axis, along any.
fn along<T: Listed>(
    input: &Tensor<Dynamic, T>,
    axis: isize,
    last: fn(&Tensor<Dynamic, T>) -> Tensor<Dynamic, T>,
) -> tensor::Result<Tensor<Dynamic, T>> {
    if input.sizes().is_empty() {
        return Ok(last(input));
    }
    last(&input.transpose(axis, -1)?).transpose(axis, -1)
}
