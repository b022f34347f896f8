//! Softmax and its logarithm, along the last axis.

use smallvec::smallvec;

use crate::device::{Backend, Matrix};
use crate::element::Float;
use crate::shape::Shape;
use crate::tape::{Gradients, Rule, Saved, record};
use crate::tensors::{Tensor, Value};

fn rows(name: &'static str, x: &Value, run: impl FnOnce(&dyn Backend, Matrix<'_>, Matrix<'_>)) -> Result<Value, Value> {
    let x = x.contiguous();
    let out = Value::output(name, &[&*x], x.dtype(), x.sizes())?;
    let _reading = x.buffer.read();
    run(out.device().backend(), x.matrix(), out.matrix());
    Ok(out)
}

/// `exp(x) / sum(exp(x))` along the last axis.
pub(crate) fn softmax(x: &Value) -> Value {
    match rows("softmax", x, |backend, x, out| backend.softmax(x, out)) {
        Ok(out) => record(out, [x], || Rule::Softmax, |out| smallvec![out.detach()]),
        Err(poisoned) => poisoned,
    }
}

/// `x - log(sum(exp(x)))` along the last axis.
pub(crate) fn log_softmax(x: &Value) -> Value {
    match rows("log_softmax", x, |backend, x, out| backend.log_softmax(x, out)) {
        Ok(out) => record(out, [x], || Rule::LogSoftmax, |out| smallvec![out.detach()]),
        Err(poisoned) => poisoned,
    }
}

pub(crate) fn backward(saved: &Saved, gradient: &Value) -> Gradients {
    let out = &saved[0];
    let d_x = rows("softmax", gradient, |backend, d, d_x| backend.softmax_backward(out.matrix(), d, d_x));
    smallvec![Some(d_x.unwrap_or_else(|poisoned| poisoned))]
}

pub(crate) fn log_backward(saved: &Saved, gradient: &Value) -> Gradients {
    let out = &saved[0];
    let d_x = rows("log_softmax", gradient, |backend, d, d_x| backend.log_softmax_backward(out.matrix(), d, d_x));
    smallvec![Some(d_x.unwrap_or_else(|poisoned| poisoned))]
}

impl<S: Shape, T: Float> Tensor<S, T> {
    /// `exp(x) / sum(exp(x))` along the last axis: numbers between 0 and 1 whose sum is 1.
    pub fn softmax(&self) -> Self {
        Self::of(softmax(self.value()))
    }

    /// The logarithm of the softmax along the last axis, computed without the detour: `x - log(sum(exp(x)))`.
    pub fn log_softmax(&self) -> Self {
        Self::of(log_softmax(self.value()))
    }
}
