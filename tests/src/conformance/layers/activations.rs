//! Activations.

use tensor::{Float, dynamic};

use super::{Made, New, layer};
use crate::conformance::Refusal;
use crate::conformance::any::Listed;

/// Makes a layer of this family.
pub fn build<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    let call = &new.call;
    call.ignore(usize::MAX, "inplace");
    match new.class() {
        "ReLU" => layer::<T, _>(new, dynamic::Relu),
        "ReLU6" => layer::<T, _>(new, dynamic::Relu6),
        "SELU" => layer::<T, _>(new, dynamic::Selu),
        "SiLU" => layer::<T, _>(new, dynamic::Silu),
        "Mish" => layer::<T, _>(new, dynamic::Mish),
        "Sigmoid" => layer::<T, _>(new, dynamic::Sigmoid),
        "LogSigmoid" => layer::<T, _>(new, dynamic::LogSigmoid),
        "Hardsigmoid" => layer::<T, _>(new, dynamic::Hardsigmoid),
        "Hardswish" => layer::<T, _>(new, dynamic::Hardswish),
        "Tanh" => layer::<T, _>(new, dynamic::Tanh),
        "Tanhshrink" => layer::<T, _>(new, dynamic::Tanhshrink),
        "Softsign" => layer::<T, _>(new, dynamic::Softsign),
        "Softmax2d" => layer::<T, _>(new, dynamic::Softmax2d),
        "LeakyReLU" => layer::<T, _>(new, dynamic::LeakyRelu::new(call.float_or(0, "negative_slope", 0.01)?)),
        "ELU" => layer::<T, _>(new, dynamic::Elu::new(call.float_or(0, "alpha", 1.0)?)),
        "CELU" => layer::<T, _>(new, dynamic::Celu::new(call.float_or(0, "alpha", 1.0)?)),
        "Softplus" => {
            let (beta, threshold) = (call.float_or(0, "beta", 1.0)?, call.float_or(1, "threshold", 20.0)?);
            layer::<T, _>(new, dynamic::Softplus::new(beta, threshold))
        }
        "Hardshrink" => layer::<T, _>(new, dynamic::Hardshrink::new(call.float_or(0, "lambd", 0.5)?)),
        "Softshrink" => layer::<T, _>(new, dynamic::Softshrink::new(call.float_or(0, "lambd", 0.5)?)),
        "Hardtanh" => {
            let (low, high) = (call.float_or(0, "min_val", -1.0)?, call.float_or(1, "max_val", 1.0)?);
            layer::<T, _>(new, dynamic::Hardtanh::new(low, high))
        }
        "Threshold" => {
            let (threshold, value) = (call.float(0, "threshold")?, call.float(1, "value")?);
            layer::<T, _>(new, dynamic::Threshold::new(threshold, value))
        }
        "GLU" => layer::<T, _>(new, dynamic::Glu::new(call.axis_or(0, "dim", -1)?)),
        "Softmax" => layer::<T, _>(new, dynamic::Softmax::new(call.axis(0, "dim")?)),
        "LogSoftmax" => layer::<T, _>(new, dynamic::LogSoftmax::new(call.axis(0, "dim")?)),
        "Softmin" => layer::<T, _>(new, dynamic::Softmin::new(call.axis(0, "dim")?)),
        "GELU" => match call.text_or(0, "approximate", "none")? {
            "none" => layer::<T, _>(new, dynamic::Gelu::Exact),
            "tanh" => layer::<T, _>(new, dynamic::Gelu::Tanh),
            other => Err(Refusal::form(format!("the approximation {other:?}"))),
        },
        "PReLU" => {
            let (count, init) = (call.int_or(0, "num_parameters", 1)?, call.float_or(1, "init", 0.25)?);
            layer::<T, _>(new, dynamic::PRelu::with(&new.device, count as usize, init)?)
        }
        _ => Err(Refusal::Unknown),
    }
}
