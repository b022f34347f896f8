//! Layers without parameters.

use std::collections::BTreeMap;

use super::{Layer, New, function};
use crate::conformance::any::float;
use crate::conformance::{Any, Argument, Call, Outcome, Refusal, operators};

/// Makes a layer of this family.
pub fn build(new: &New<'_>) -> Result<Box<dyn Layer>, Refusal> {
    match new.class() {
        "GELU" => {
            let approximate = new.call.text_or(0, "approximate", "none")?.to_owned();
            by_operator("nn.functional.gelu", vec![Argument::Text(approximate)])
        }
        "LogSoftmax" => by_operator("log_softmax", vec![Argument::Int(new.call.int(0, "dim")?)]),
        "ReLU" => {
            new.call.ignore(0, "inplace");
            by_operator("nn.functional.relu", vec![])
        }
        "Sigmoid" => function(|call| float!(call, |input| input.sigmoid())),
        "SiLU" => {
            new.call.ignore(0, "inplace");
            by_operator("nn.functional.silu", vec![])
        }
        "Softmax" => by_operator("softmax", vec![Argument::Int(new.call.int(0, "dim")?)]),
        "Softplus" => {
            let (beta, threshold) = (
                new.call.float_or(0, "beta", 1.0)?,
                new.call.float_or(1, "threshold", 20.0)?,
            );
            by_operator(
                "nn.functional.softplus",
                vec![Argument::Float(beta), Argument::Float(threshold)],
            )
        }
        "Tanh" => function(|call| float!(call, |input| input.tanh())),
        _ => Err(Refusal::Unknown),
    }
}

/// An operator of one tensor, with these arguments behind it.
fn by_operator(name: &'static str, options: Vec<Argument>) -> Result<Box<dyn Layer>, Refusal> {
    function(move |call| with(name, call.tensor(0, "input")?, &options))
}

fn with(name: &str, input: Any, options: &[Argument]) -> Outcome {
    let mut args = vec![Argument::Tensor(input)];
    args.extend(options.iter().cloned());
    operators::call(&Call::new(name, "", args, BTreeMap::new()))
}
