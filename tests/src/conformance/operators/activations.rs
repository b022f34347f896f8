//! Activations.

use tensor::{Dynamic, Element, Tensor};

use crate::conformance::any::{each, float, number};
use crate::conformance::{Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    let name = call.name();
    match name.strip_prefix("nn.functional.").unwrap_or(name) {
        "softmax" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis(1, "dim")?);
            float!(|input| input.softmax_axis(axis))
        }
        "log_softmax" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis(1, "dim")?);
            float!(|input| input.log_softmax_axis(axis))
        }
        // The others are functions of networks alone.
        _ if !name.starts_with("nn.functional.") => Err(Refusal::Unknown),
        "softmin" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis(1, "dim")?);
            float!(|input| input.softmin(axis))
        }
        "glu" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis_or(1, "dim", -1)?);
            float!(|input| input.glu(axis))
        }
        "prelu" => float!(call, |input, weight| input.prelu(weight)),
        "relu" => {
            call.ignore(1, "inplace");
            number!(call, |input| input.relu())
        }
        "relu6" => {
            call.ignore(1, "inplace");
            number!(call, |input| input.relu6())
        }
        "selu" => {
            call.ignore(1, "inplace");
            float!(call, |input| input.selu())
        }
        "silu" => {
            call.ignore(1, "inplace");
            float!(call, |input| input.silu())
        }
        "mish" => {
            call.ignore(1, "inplace");
            float!(call, |input| input.mish())
        }
        "hardsigmoid" => {
            call.ignore(1, "inplace");
            float!(call, |input| input.hardsigmoid())
        }
        "hardswish" => {
            call.ignore(1, "inplace");
            float!(call, |input| input.hardswish())
        }
        "sigmoid" => each!(call, |input| input.sigmoid()),
        "tanh" => each!(call, |input| input.tanh()),
        "logsigmoid" => each!(call, |input| input.logsigmoid()),
        "softsign" => each!(call, |input| input.softsign()),
        "tanhshrink" => each!(call, |input| input.tanhshrink()),
        "gelu" => match call.text_or(1, "approximate", "none")? {
            "none" => float!(call, |input| input.gelu()),
            "tanh" => float!(call, |input| input.gelu_tanh()),
            other => Err(Refusal::form(format!("the approximation {other:?}"))),
        },
        _ => with_numbers(call),
    }
}

/// A number as an element of a tensor's type.
fn like<T: Element>(_: &Tensor<Dynamic, T>, number: f64) -> T {
    T::from_f64(number)
}

/// Those that take numbers beside the tensor.
fn with_numbers(call: &Call) -> Outcome {
    match call.name() {
        "nn.functional.celu" => {
            let alpha = call.float_or(1, "alpha", 1.0)?;
            call.ignore(2, "inplace");
            float!(call, |input| input.celu(alpha))
        }
        "nn.functional.elu" => {
            let alpha = call.float_or(1, "alpha", 1.0)?;
            call.ignore(2, "inplace");
            float!(call, |input| input.elu(alpha))
        }
        "nn.functional.leaky_relu" => {
            let slope = call.float_or(1, "negative_slope", 0.01)?;
            call.ignore(2, "inplace");
            float!(call, |input| input.leaky_relu(slope))
        }
        "nn.functional.softplus" => {
            let (beta, threshold) = (call.float_or(1, "beta", 1.0)?, call.float_or(2, "threshold", 20.0)?);
            float!(call, |input| input.softplus(beta, threshold))
        }
        "nn.functional.hardshrink" => {
            let lambda = call.float_or(1, "lambd", 0.5)?;
            float!(call, |input| input.hardshrink(lambda))
        }
        "nn.functional.softshrink" => {
            let lambda = call.float_or(1, "lambd", 0.5)?;
            float!(call, |input| input.softshrink(lambda))
        }
        "nn.functional.hardtanh" => {
            let (low, high) = (call.float_or(1, "min_val", -1.0)?, call.float_or(2, "max_val", 1.0)?);
            call.ignore(3, "inplace");
            number!(call, |input| input.hardtanh(like(input, low), like(input, high)))
        }
        "nn.functional.threshold" => {
            let (threshold, value) = (call.float(1, "threshold")?, call.float(2, "value")?);
            call.ignore(3, "inplace");
            number!(call, |input| input
                .threshold(like(input, threshold), like(input, value)))
        }
        _ => Err(Refusal::Unknown),
    }
}
