//! Functions of one number that no layer is. Their gradients are written in operations.

use smallvec::smallvec;
use tensor_ops::{Math, Unary};

use crate::device::reading;
use crate::element::Element;
use crate::error::Result;
use crate::ops::cast;
use crate::shape::Shape;
use crate::tape::{Rule, Value, record};
use crate::tensors::Tensor;

/// `op` of every element; they are floats.
pub(crate) fn math(op: Math, x: &Value) -> Value {
    cast::widened([x], |[x]| {
        let out = match Value::output(op.name(), &[x], x.dtype(), x.sizes()) {
            Ok(out) => out,
            Err(poisoned) => return poisoned,
        };
        {
            let _reading = reading([&x.buffer]);
            out.device().backend().math(op, x.view(), out.view());
        }
        let rule = move || {
            Rule::own(move |step| {
                let slope = derivative(op, &step.saved[0], &step.saved[1])?;
                Ok(smallvec![
                    slope
                        .map_or_else(|| Ok(step.gradient.zeros_like()), |slope| step.gradient.mul(&slope))
                        .map(Some)?
                ])
            })
        };
        record(op.name(), out, [x], rule, |out| smallvec![x.clone(), out.as_own()])
    })
}

/// `op'(x)`, of which `y` is the value; none where it is 0 wherever it is defined.
fn derivative(op: Math, x: &Value, y: &Value) -> Result<Option<Value>> {
    let ln_2 = std::f64::consts::LN_2;
    Ok(Some(match op {
        Math::Floor | Math::Ceil | Math::Round | Math::Trunc => return Ok(None),
        Math::Tan => y.square().affine(1.0, 1.0),
        Math::Asin => x.square().affine(-1.0, 1.0).pow(-0.5),
        Math::Acos => x.square().affine(-1.0, 1.0).pow(-0.5).neg(),
        Math::Atan => x.square().affine(1.0, 1.0).reciprocal(),
        Math::Sinh => x.math(Math::Cosh),
        Math::Cosh => x.math(Math::Sinh),
        Math::Exp2 => y.scale(ln_2),
        Math::Expm1 => y.affine(1.0, 1.0),
        Math::Log2 => x.scale(ln_2).reciprocal(),
        Math::Log10 => x.scale(std::f64::consts::LN_10).reciprocal(),
        Math::Log1p => x.affine(1.0, 1.0).unary(Unary::Recip),
    }))
}

/// Typed and dynamic alike: the shape stays as it is.
macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident => $op:expr;)*) => {
        impl<S: Shape, T: Element> Tensor<S, T> {
            $($(#[$doc])* pub fn $name(&self) -> Tensor<S, T::Float> {
                Tensor::of(self.value().math($op))
            })*
        }
    };
}

methods! {
    /// The largest whole number that is not above `x`; its gradient is 0.
    floor => Math::Floor;
    /// The smallest whole number that is not below `x`; its gradient is 0.
    ceil => Math::Ceil;
    /// The nearest whole number, of two the even one; its gradient is 0.
    round => Math::Round;
    /// The whole number towards 0; its gradient is 0.
    trunc => Math::Trunc;
    /// The tangent of `x` in radians.
    tan => Math::Tan;
    /// The inverse of the sine, in radians.
    asin => Math::Asin;
    /// The inverse of the cosine, in radians.
    acos => Math::Acos;
    /// The inverse of the tangent, in radians.
    atan => Math::Atan;
    /// The hyperbolic sine.
    sinh => Math::Sinh;
    /// The hyperbolic cosine.
    cosh => Math::Cosh;
    /// 2 to the power of `x`.
    exp2 => Math::Exp2;
    /// `exp(x) - 1` without cancellation near 0.
    expm1 => Math::Expm1;
    /// The logarithm to base 2.
    log2 => Math::Log2;
    /// The logarithm to base 10.
    log10 => Math::Log10;
    /// `log(1 + x)` without cancellation near 0.
    log1p => Math::Log1p;
}
