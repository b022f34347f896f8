//! Softmax and its logarithm, along the last axis.

use smallvec::smallvec;
use tensor_ops::Binary;

use crate::device::{Backend, reading};
use crate::element::Differentiable;
use crate::layout::Axes;
use crate::ops::{binary, cast};
use crate::shape::Shape;
use crate::tape::{Gradients, Rule, Step, Value, record, recording};
use crate::tensors::Tensor;

/// A value of the sizes of `x`, computed from `x`, which may lie anywhere, and, backwards, from what was `saved`.
fn rows(
    name: &'static str,
    x: &Value,
    saved: Option<&Value>,
    run: impl FnOnce(&dyn Backend, &Value, &Value),
) -> Result<Value, Value> {
    let inputs: Axes<&Value> = [x].into_iter().chain(saved).collect();
    let out = Value::output(name, &inputs, x.dtype(), x.sizes())?;
    let _reading = reading(inputs.iter().map(|input| &input.buffer));
    run(out.device().backend(), x, &out);
    Ok(out)
}

/// `exp(x) / sum(exp(x))` along the last axis.
pub(crate) fn softmax(x: &Value) -> Value {
    cast::widened([x], |[x]| {
        let run = |backend: &dyn Backend, x: &Value, out: &Value| match x.layout.is_contiguous() {
            true => backend.softmax(x.matrix(), out.matrix()),
            false => backend.softmax_of(x.view(), out.view()),
        };
        match rows("softmax", x, None, run) {
            Ok(out) => record(
                "softmax",
                out,
                [x],
                || Rule::Plain(backward),
                |out| smallvec![out.as_own()],
            ),
            Err(poisoned) => poisoned,
        }
    })
}

/// `x - log(sum(exp(x)))` along the last axis.
pub(crate) fn log_softmax(x: &Value) -> Value {
    cast::widened([x], |[x]| {
        let run = |backend: &dyn Backend, x: &Value, out: &Value| match x.layout.is_contiguous() {
            true => backend.log_softmax(x.matrix(), out.matrix()),
            false => backend.log_softmax_of(x.view(), out.view()),
        };
        match rows("log_softmax", x, None, run) {
            Ok(out) => record(
                "log_softmax",
                out,
                [x],
                || Rule::Plain(log_backward),
                |out| smallvec![out.as_own()],
            ),
            Err(poisoned) => poisoned,
        }
    })
}

fn backward(step: Step<'_>) -> Gradients {
    let (out, d) = (&step.saved[0], step.gradient);
    if recording() {
        // out (d - sum(out d))
        return smallvec![Some(times(out, &less(d, &last_sum(&times(out, d)))))];
    }
    let d_x = rows("softmax", &step.gradient.contiguous(), Some(out), |backend, d, d_x| {
        backend.softmax_backward(out.matrix(), d.matrix(), d_x.matrix());
    });
    smallvec![Some(d_x.unwrap_or_else(|poisoned| poisoned))]
}

fn log_backward(step: Step<'_>) -> Gradients {
    let (out, d) = (&step.saved[0], step.gradient);
    if recording() {
        // d - exp(out) sum(d)
        return smallvec![Some(less(d, &times(&out.exp(), &last_sum(d))))];
    }
    let d_x = rows(
        "log_softmax",
        &step.gradient.contiguous(),
        Some(out),
        |backend, d, d_x| {
            backend.log_softmax_backward(out.matrix(), d.matrix(), d_x.matrix());
        },
    );
    smallvec![Some(d_x.unwrap_or_else(|poisoned| poisoned))]
}

fn times(a: &Value, b: &Value) -> Value {
    binary::binary(Binary::Mul, a, b, a.sizes())
}

fn less(a: &Value, b: &Value) -> Value {
    binary::binary(Binary::Sub, a, b, a.sizes())
}

/// The sum along the last axis, which stays.
fn last_sum(x: &Value) -> Value {
    match x.layout.rank().checked_sub(1) {
        Some(last) => x.sum(&[last], true),
        None => x.clone(),
    }
}

impl<S: Shape, T: Differentiable> Tensor<S, T> {
    /// `exp(x) / sum(exp(x))` along the last axis: numbers between 0 and 1 whose sum is 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[0., 0.], [1., 1.]].softmax(), tensor![[0.5, 0.5], [0.5, 0.5]]);
    /// ```
    pub fn softmax(&self) -> Self {
        Self::of(softmax(self.value()))
    }

    /// The logarithm of the softmax along the last axis, computed without the detour: `x - log(sum(exp(x)))`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 1.].log_softmax().round_decimals(4), tensor![-1.3133, -0.3133]);
    /// ```
    pub fn log_softmax(&self) -> Self {
        Self::of(log_softmax(self.value()))
    }
}
