//! Functions of one number that no layer is. Their gradients are written in operations.

mod methods;

use smallvec::smallvec;
use tensor_ops::{Compare, Math, Unary};

use crate::device::reading;
use crate::element::DType;
use crate::error::Result;
use crate::kernels::special::float::frexp as frexp_of;
use crate::ops::host::on_processor;
use crate::ops::{cast, clamp};
use crate::tape::{Rule, Value, record};

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
        Math::Floor | Math::Ceil | Math::Round | Math::RoundTo { .. } | Math::Trunc => return Ok(None),
        Math::Tan => y.square().affine(1.0, 1.0),
        Math::Asin => x.square().affine(-1.0, 1.0).pow(-0.5),
        Math::Acos => x.square().affine(-1.0, 1.0).pow(-0.5).neg(),
        Math::Atan => x.square().affine(1.0, 1.0).reciprocal(),
        Math::Sinh => x.math(Math::Cosh),
        Math::Cosh => x.math(Math::Sinh),
        Math::Asinh => x.square().affine(1.0, 1.0).pow(-0.5),
        Math::Acosh => x.square().affine(1.0, -1.0).pow(-0.5),
        Math::Atanh => x.square().affine(-1.0, 1.0).reciprocal(),
        Math::Exp2 => y.scale(ln_2),
        Math::Expm1 => y.affine(1.0, 1.0),
        Math::Log2 => x.scale(ln_2).reciprocal(),
        Math::Log10 => x.scale(std::f64::consts::LN_10).reciprocal(),
        Math::Log1p => x.affine(1.0, 1.0).unary(Unary::Recip),
        Math::LogSigmoid => x.neg().unary(Unary::Sigmoid),
        Math::Entr => x.log().affine(-1.0, -1.0),
        Math::Erfc => x.square().neg().exp().scale(-std::f64::consts::FRAC_2_SQRT_PI),
        Math::Erfcx => x.mul(y)?.affine(2.0, -std::f64::consts::FRAC_2_SQRT_PI),
        Math::Erfinv => y.square().exp().scale(1.0 / std::f64::consts::FRAC_2_SQRT_PI),
        Math::Ndtr => x.square().scale(-0.5).exp().scale(1.0 / root_of_two_pi()),
        Math::LogNdtr => x
            .scale(-std::f64::consts::FRAC_1_SQRT_2)
            .math(Math::Erfcx)
            .reciprocal()
            .scale(2.0 / root_of_two_pi()),
        Math::Ndtri => y.square().scale(0.5).exp().scale(root_of_two_pi()),
        Math::Lgamma => x.math(Math::Digamma),
        Math::Digamma => x.math(Math::Polygamma { order: 1 }),
        Math::Polygamma { order } => x.math(Math::Polygamma { order: order + 1 }),
        Math::I0 => x.math(Math::I1),
        Math::I0e => x.math(Math::I1e).sub(&x.sign().mul(y)?)?,
        // The sum of the digammas of what the product's factors are of.
        Math::Multigamma { p } => {
            let mut sum = x.zeros_like();
            for step in 0..p {
                sum = sum.add(&x.affine(1.0, -0.5 * f64::from(step)).math(Math::Digamma))?;
            }
            sum
        }
        Math::BesselJ0 => x.math(Math::BesselJ1).neg(),
        Math::BesselJ1 => lowered(x, x.math(Math::BesselJ0), y)?,
        Math::BesselY0 => x.math(Math::BesselY1).neg(),
        Math::BesselY1 => x.math(Math::BesselY0).sub(&y.div(x)?)?,
        Math::K0 => x.math(Math::K1).neg(),
        Math::K0e => y.sub(&x.math(Math::K1e))?,
        Math::K1 => x.math(Math::K0).add(&y.div(x)?)?.neg(),
        Math::K1e => y.sub(&y.div(x)?)?.sub(&x.math(Math::K0e))?,
        // Where the quotient has no value, at 0 or outside, the limit stands beside it.
        Math::Sinc => {
            let (zero, divisor) = but_for_zero(x)?;
            let cosine = divisor.scale(std::f64::consts::PI).unary(Unary::Cos);
            zero.select(&x.constant(0.0), &cosine.sub(y)?.div(&divisor)?)?
        }
        Math::Logit => {
            let outside = x.affine(-2.0, 1.0).abs().compare_to(Compare::Gt, 1.0);
            let slope = x.mul(&x.affine(-1.0, 1.0))?.reciprocal();
            outside.select(&x.constant(f64::NAN), &slope)?
        }
        Math::I1 => lowered(x, x.math(Math::I0), y)?,
        Math::I1e => {
            let (zero, divisor) = but_for_zero(x)?;
            let rate = divisor.sign().add(&divisor.reciprocal())?;
            zero.select(&x.constant(0.5), &x.math(Math::I0e).sub(&y.mul(&rate)?)?)?
        }
    }))
}

/// `below - y / x`, 1/2 at 0: the derivative of a function of order 1 by that of order 0.
fn lowered(x: &Value, below: Value, y: &Value) -> Result<Value> {
    let (zero, divisor) = but_for_zero(x)?;
    zero.select(&x.constant(0.5), &below.sub(&y.div(&divisor)?)?)
}

/// Where `x` is 0, and `x` with 1 in its place there.
fn but_for_zero(x: &Value) -> Result<(Value, Value)> {
    let zero = x.compare_to(Compare::Eq, 0.0);
    let divisor = zero.select(&x.constant(1.0), x)?;
    Ok((zero, divisor))
}

fn root_of_two_pi() -> f64 {
    (2.0 * std::f64::consts::PI).sqrt()
}

/// `log(x / (1 - x))` of `x` held between `eps` and `1 - eps`, outside of which the gradient is 0.
fn logit(x: &Value, eps: Option<f64>) -> Value {
    let x = cast::to_float(x);
    match eps {
        None => x.math(Math::Logit),
        Some(eps) => {
            let held = clamp::between(&x, Some(eps), Some(1.0 - eps));
            held.math(Math::Logit)
        }
    }
}

/// Mantissas, and exponents as `i32`.
fn frexp(x: &Value) -> Result<(Value, Value)> {
    on_processor("frexp", &[x])?;
    let x = cast::to_float(x);
    let numbers = x.detach().cast(DType::F64).to_vec::<f64>()?;
    let exponents: Vec<i32> = numbers.iter().map(|&number| frexp_of(number).1).collect();
    let exponent = Value::from_slice(x.device(), x.sizes(), &exponents);
    // In two halves: the whole power may be too large or too small for the type.
    let half: Vec<i32> = exponents.iter().map(|exponent| exponent / 2).collect();
    let rest: Vec<i32> = exponents
        .iter()
        .zip(&half)
        .map(|(exponent, half)| exponent - half)
        .collect();
    let power = |exponents: &[i32]| {
        let exponents = Value::from_slice(x.device(), x.sizes(), exponents);
        exponents.cast(x.dtype()).neg().math(Math::Exp2)
    };
    let mantissa = x.mul(&power(&half))?.mul(&power(&rest))?;
    Ok((mantissa, exponent))
}
