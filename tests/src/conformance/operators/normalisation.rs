//! Normalisation.

use tensor::Dynamic;
use tensor::functional::{self, LocalResponseNorm, Statistics};
use tensor::{Differentiable, Tensor};

use super::layers::like;
use crate::conformance::any::{Listed, float, number};
use crate::conformance::{Any, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name().trim_start_matches("nn.functional.") {
        "layer_norm" => {
            let (weight, bias) = (call.tensor_opt(2, "weight")?, call.tensor_opt(3, "bias")?);
            let (shape, eps) = (shape(call)?, call.float_or(4, "eps", 1e-5)?);
            float!(call, |input| {
                let (weight, bias) = (like(&weight, input)?, like(&bias, input)?);
                functional::layer_norm(input, &shape, weight, bias, eps)
            })
        }
        "rms_norm" => {
            let weight = call.tensor_opt(2, "weight")?;
            let (shape, eps) = (shape(call)?, call.float_opt(3, "eps")?);
            float!(call, |input| functional::rms_norm(
                input,
                &shape,
                like(&weight, input)?,
                eps
            ))
        }
        "group_norm" => {
            let (weight, bias) = (call.tensor_opt(2, "weight")?, call.tensor_opt(3, "bias")?);
            let (groups, eps) = (call.size(1, "num_groups")?, call.float_or(4, "eps", 1e-5)?);
            float!(call, |input| {
                let (weight, bias) = (like(&weight, input)?, like(&bias, input)?);
                functional::group_norm(input, groups, weight, bias, eps)
            })
        }
        "batch_norm" => {
            let running = [call.tensor_opt(1, "running_mean")?, call.tensor_opt(2, "running_var")?];
            let (weight, bias) = (call.tensor_opt(3, "weight")?, call.tensor_opt(4, "bias")?);
            let training = call.bool_or(5, "training", false)?;
            let (momentum, eps) = (call.float_or(6, "momentum", 0.1)?, call.float_or(7, "eps", 1e-5)?);
            float!(call, |input| {
                let (weight, bias) = (like(&weight, input)?, like(&bias, input)?);
                let mut running = Running::of(&running, input)?;
                let statistics = running.statistics(training, momentum)?;
                functional::batch_norm(input, statistics, weight, bias, eps)
            })
        }
        "instance_norm" => {
            let running = [call.tensor_opt(1, "running_mean")?, call.tensor_opt(2, "running_var")?];
            let (weight, bias) = (call.tensor_opt(3, "weight")?, call.tensor_opt(4, "bias")?);
            let training = call.bool_or(5, "use_input_stats", true)?;
            let (momentum, eps) = (call.float_or(6, "momentum", 0.1)?, call.float_or(7, "eps", 1e-5)?);
            float!(call, |input| {
                let (weight, bias) = (like(&weight, input)?, like(&bias, input)?);
                let mut running = Running::of(&running, input)?;
                let statistics = running.statistics(training, momentum)?;
                functional::instance_norm(input, statistics, weight, bias, eps)
            })
        }
        "local_response_norm" => {
            let size = call.size(1, "size")?;
            let options = LocalResponseNorm {
                alpha: call.float_or(2, "alpha", 1e-4)?,
                beta: call.float_or(3, "beta", 0.75)?,
                k: call.float_or(4, "k", 1.0)?,
            };
            let input = call.tensor(0, "input")?;
            let out = number!(|input| functional::local_response_norm(input, size, options))?;
            // Of no integers PyTorch gives no integers back, of others floats.
            match (input.is_empty(), input.word()) {
                (true, word) => Ok(out.into_tensor()?.cast(word)?.into()),
                (false, _) => Ok(out),
            }
        }
        _ => Err(Refusal::Unknown),
    }
}

fn shape(call: &Call) -> Result<Vec<usize>, Refusal> {
    let Some(sizes) = call.ints_opt(1, "normalized_shape")? else {
        return Err(Refusal::form("no `normalized_shape`"));
    };
    sizes
        .into_iter()
        .map(|size| usize::try_from(size).map_err(|_| Refusal::form(format!("{size} where a size is taken"))))
        .collect()
}

/// Copies of running statistics, which the call may change.
struct Running<T: Differentiable>(Option<[Tensor<Dynamic, T>; 2]>);

impl<T: Listed + Differentiable> Running<T> {
    fn of(given: &[Option<Any>; 2], input: &Tensor<Dynamic, T>) -> Result<Self, Refusal> {
        let [mean, var] = given;
        match (like(mean, input)?, like(var, input)?) {
            (Some(mean), Some(var)) => Ok(Self(Some([mean.clone(), var.clone()]))),
            (None, None) => Ok(Self(None)),
            _ => Err(Refusal::form("one running statistic without the other")),
        }
    }

    fn statistics(&mut self, training: bool, momentum: f64) -> Result<Statistics<'_, T>, Refusal> {
        match &mut self.0 {
            Some([mean, var]) => Ok(match training {
                true => Statistics::Tracked { mean, var, momentum },
                false => Statistics::Running { mean, var },
            }),
            None if training => Ok(Statistics::Batch),
            None => Err(Refusal::form("no running statistics where they are taken")),
        }
    }
}
