//! From one element type to another.

use smallvec::smallvec;

use crate::device::reading;
use crate::element::{DType, Element};
use crate::error::Result;
use crate::shape::Shape;
use crate::tape::{Gradients, Rule, Step, Value, record};
use crate::tensors::Tensor;

/// The same numbers as elements of another type; itself, if it has that.
pub(crate) fn cast(x: &Value, dtype: DType) -> Value {
    if x.dtype() == dtype {
        return x.clone();
    }
    let out = match Value::output("cast", &[x], dtype, x.sizes()) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    {
        let _reading = reading([&x.buffer]);
        out.device().backend().copy(x.view(), out.view());
    }
    if dtype.float() != dtype {
        // Whole numbers and truth values have no gradient.
        return out;
    }
    record(
        "cast",
        out,
        [x],
        || Rule::Plain(backward),
        |_| smallvec![x.sizes_only()],
    )
}

fn backward(step: Step<'_>) -> Gradients {
    smallvec![Some(cast(step.gradient, step.saved[0].dtype()))]
}

/// Floats as they are, whole numbers and truth values as `f32`.
pub(crate) fn to_float(x: &Value) -> Value {
    cast(x, x.dtype().float())
}

/// Floats of 16 bits as `f32`, others as they are: how what is composed of many operations begins, so that it rounds once at its end.
pub(crate) fn wide(x: &Value) -> Value {
    if x.dtype().is_half() {
        cast(x, DType::F32)
    } else {
        x.clone()
    }
}

/// `compute` on floats of 16 bits as `f32`, its result rounded once; on others as it is.
pub(crate) fn widened<const N: usize>(inputs: [&Value; N], compute: impl FnOnce([&Value; N]) -> Value) -> Value {
    let Some(half) = inputs.iter().map(|input| input.dtype()).find(|dtype| dtype.is_half()) else {
        return compute(inputs);
    };
    let wide = inputs.map(|input| {
        cast(
            input,
            if input.dtype().is_half() {
                DType::F32
            } else {
                input.dtype()
            },
        )
    });
    let out = compute(wide.each_ref());
    if out.dtype() == DType::F32 {
        cast(&out, half)
    } else {
        out
    }
}

/// As [`widened`], of what may be refused.
pub(crate) fn in_single(x: &Value, compute: impl FnOnce(&Value) -> Result<Value>) -> Result<Value> {
    if x.dtype().is_half() {
        Ok(cast(&compute(&cast(x, DType::F32))?, x.dtype()))
    } else {
        compute(x)
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// The same numbers as elements of another type: `x.cast::<f64>()`.
    ///
    /// Floats become whole numbers towards 0 (what is too large becomes the largest, NaN 0), numbers become whether they are not 0,
    /// and truth values 0 or 1. The gradient is cast back. PyTorch's `x.to(dtype)`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1.5, -2.5].cast::<i64>(), tensor![1i64, -2]);
    /// ```
    pub fn cast<To: Element>(&self) -> Tensor<S, To> {
        Tensor::of(cast(self.value(), To::DTYPE))
    }
}
