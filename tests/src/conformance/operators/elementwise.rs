//! Elementwise operations on one, two or three tensors.

use crate::conformance::any::{each, float, number};
use crate::conformance::{Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "abs" => number!(call, |input| input.abs()),
        "cos" => each!(call, |input| input.cos()),
        "erf" => each!(call, |input| input.erf()),
        "exp" => each!(call, |input| input.exp()),
        "log" => each!(call, |input| input.log()),
        "neg" => number!(call, |input| input.neg()),
        "reciprocal" => each!(call, |input| input.reciprocal()),
        "sigmoid" => each!(call, |input| input.sigmoid()),
        "sin" => each!(call, |input| input.sin()),
        "sqrt" => each!(call, |input| input.sqrt()),
        "square" => number!(call, |input| input.square()),
        "tanh" => each!(call, |input| input.tanh()),
        "nn.functional.relu" => {
            call.ignore(1, "inplace");
            float!(call, |input| input.relu())
        }
        "nn.functional.silu" => {
            call.ignore(1, "inplace");
            float!(call, |input| input.silu())
        }
        "nn.functional.gelu" => match call.text_or(1, "approximate", "none")? {
            "tanh" => float!(call, |input| input.gelu_tanh()),
            "none" => float!(call, |input| input.gelu()),
            other => Err(Refusal::form(format!("gelu has no form `{other}`"))),
        },
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
        "add" | "sub" | "mul" => two(call),
        "div" if call.variant() == "no_rounding_mode" => two(call),
        "max" | "min" if call.variant() == "binary" => tensors(call),
        "maximum" | "minimum" => tensors(call),
        _ => Err(Refusal::Unknown),
    }
}

/// Two tensors: not a number, which the methods here do not take either.
fn tensors(call: &Call) -> Outcome {
    call.inputs(["input", "other"])?;
    two(call)
}

/// Two operands in their common element type.
fn two(call: &Call) -> Outcome {
    let [left, right] = call.promoted(["input", "other"])?;
    match call.name() {
        "add" => number!(|left, right| left.add(right)),
        "sub" => number!(|left, right| left.sub(right)),
        "mul" => number!(|left, right| left.mul(right)),
        "div" => number!(|left, right| left.div(right)),
        "max" | "maximum" => number!(|left, right| left.maximum(right)),
        _ => number!(|left, right| left.minimum(right)),
    }
}
