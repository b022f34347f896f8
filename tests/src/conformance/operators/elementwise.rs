//! Elementwise operations on one, two or three tensors.

use tensor::{Closeness, Dynamic, Element, Tensor};

use crate::conformance::any::{each, float, number, of_kinds};
use crate::conformance::promote::promoted;
use crate::conformance::{Any, Argument, Call, Outcome, Refusal};

/// For tensors of what has bits of its own.
macro_rules! bits {
    ($($rest:tt)+) => { of_kinds!([I64 I32 U8 Bool] "integers or bools of one element type", $($rest)+) };
}
/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "acos" => each!(call, |input| input.acos()),
        "acosh" => each!(call, |input| input.acosh()),
        "asin" => each!(call, |input| input.asin()),
        "asinh" => each!(call, |input| input.asinh()),
        "atan" => each!(call, |input| input.atan()),
        "atanh" => each!(call, |input| input.atanh()),
        "cos" => each!(call, |input| input.cos()),
        "cosh" => each!(call, |input| input.cosh()),
        "digamma" => each!(call, |input| input.digamma()),
        "erf" => each!(call, |input| input.erf()),
        "erfc" => each!(call, |input| input.erfc()),
        "erfinv" => each!(call, |input| input.erfinv()),
        "exp" => each!(call, |input| input.exp()),
        "exp2" => each!(call, |input| input.exp2()),
        "expm1" => each!(call, |input| input.expm1()),
        "lgamma" => each!(call, |input| input.lgamma()),
        "log" => each!(call, |input| input.log()),
        "log10" => each!(call, |input| input.log10()),
        "log1p" => each!(call, |input| input.log1p()),
        "log2" => each!(call, |input| input.log2()),
        "reciprocal" => each!(call, |input| input.reciprocal()),
        "rsqrt" => each!(call, |input| input.rsqrt()),
        "sigmoid" => each!(call, |input| input.sigmoid()),
        "sin" => each!(call, |input| input.sin()),
        "sinh" => each!(call, |input| input.sinh()),
        "sqrt" => each!(call, |input| input.sqrt()),
        "tan" => each!(call, |input| input.tan()),
        "tanh" => each!(call, |input| input.tanh()),
        "sign" => each!(call, |input| input.sign()),
        "isfinite" => each!(call, |input| input.isfinite()),
        "isinf" => each!(call, |input| input.isinf()),
        "isnan" => each!(call, |input| input.isnan()),
        "logical_not" => each!(call, |input| input.logical_not()),
        "abs" => number!(call, |input| input.abs()),
        "ceil" => number!(call, |input| input.ceil()),
        "floor" => number!(call, |input| input.floor()),
        "trunc" => number!(call, |input| input.trunc()),
        "neg" => number!(call, |input| input.neg()),
        "frac" => float!(call, |input| input.frac()),
        "bitwise_not" => bits!(call, |input| input.bitwise_not()),
        "square" => square(call),
        "round" => round(call),
        "nan_to_num" => {
            let input = call.tensor(0, "input")?;
            let nan = call.float_or(1, "nan", 0.0)?;
            let (above, below) = (call.float_opt(2, "posinf")?, call.float_opt(3, "neginf")?);
            each!(|input| input.nan_to_num(nan, above, below))
        }
        "add" | "sub" | "mul" | "pow" | "fmod" | "remainder" | "div" => two(call),
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" => two(call),
        "bitwise_and" | "bitwise_or" | "bitwise_xor" => two(call),
        "maximum" | "minimum" | "atan2" | "hypot" | "logaddexp" | "isclose" => tensors(call),
        "logical_and" | "logical_or" | "logical_xor" => tensors(call),
        "max" | "min" if call.variant() == "binary" => tensors(call),
        "xlogy" => two(call),
        "where" => choose(call),
        "clamp" | "clip" => clamp(call),
        "addcmul" | "addcdiv" => three(call),
        "lerp" => lerp(call),
        _ => Err(Refusal::Unknown),
    }
}

/// A number as an element of a tensor's type.
fn like<T: Element>(_: &Tensor<Dynamic, T>, number: f64) -> T {
    T::from_f64(number)
}

/// The square of truth values is one of integers.
fn square(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    let input = if input.word() == "bool" {
        input.cast("int64")?
    } else {
        input
    };
    number!(|input| input.square())
}

fn round(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    match call.int_opt(usize::MAX, "decimals")? {
        None | Some(0) => number!(|input| input.round()),
        Some(decimals) => float!(|input| input.round_decimals(decimals as i32)),
    }
}

/// A tensor and a tensor or number, in their common element type.
fn two(call: &Call) -> Outcome {
    call.tensor(0, "input")?;
    operands(call)
}

/// Two tensors in their common element type.
fn tensors(call: &Call) -> Outcome {
    call.inputs(["input", "other"])?;
    operands(call)
}

fn operands(call: &Call) -> Outcome {
    let [left, right] = call.promoted(["input", "other"])?;
    match call.name() {
        "add" | "sub" => scaled(call, &left, &right),
        "mul" => each!(|left, right| left.mul(right)),
        "div" => match call.text_or(usize::MAX, "rounding_mode", "none")? {
            "none" => each!(|left, right| left.div(right)),
            "floor" => number!(|left, right| left.floor_divide(right)),
            "trunc" => number!(|left, right| left.trunc_divide(right)),
            other => Err(Refusal::form(format!("the rounding mode {other:?}"))),
        },
        "pow" => number!(|left, right| left.pow_tensor(right)),
        "fmod" => number!(|left, right| left.fmod(right)),
        "remainder" => number!(|left, right| left.remainder(right)),
        "max" | "maximum" => each!(|left, right| left.maximum(right)),
        "min" | "minimum" => each!(|left, right| left.minimum(right)),
        "atan2" => each!(|left, right| left.atan2(right)),
        "hypot" => each!(|left, right| left.hypot(right)),
        "logaddexp" => each!(|left, right| left.logaddexp(right)),
        "xlogy" => each!(|left, right| left.xlogy(right)),
        "eq" => each!(|left, right| Tensor::<Dynamic, _>::eq(left, right)),
        "ne" => each!(|left, right| Tensor::<Dynamic, _>::ne(left, right)),
        "lt" => each!(|left, right| left.lt(right)),
        "le" => each!(|left, right| left.le(right)),
        "gt" => each!(|left, right| left.gt(right)),
        "ge" => each!(|left, right| left.ge(right)),
        "bitwise_and" => bits!(|left, right| left.bitwise_and(right)),
        "bitwise_or" => bits!(|left, right| left.bitwise_or(right)),
        "bitwise_xor" => bits!(|left, right| left.bitwise_xor(right)),
        "logical_and" => each!(|left, right| left.logical_and(right)),
        "logical_or" => each!(|left, right| left.logical_or(right)),
        "logical_xor" => each!(|left, right| left.logical_xor(right)),
        _ => {
            let usual = Closeness::default();
            let how = Closeness {
                rtol: call.float_or(2, "rtol", usual.rtol)?,
                atol: call.float_or(3, "atol", usual.atol)?,
                equal_nan: call.bool_or(4, "equal_nan", usual.equal_nan)?,
            };
            each!(|left, right| left.isclose(right, how))
        }
    }
}

/// A sum or difference with a factor.
fn scaled(call: &Call, left: &Any, right: &Any) -> Outcome {
    let Some(alpha) = call.float_opt(usize::MAX, "alpha")? else {
        return match call.name() {
            "add" => each!(|left, right| left.add(right)),
            _ => number!(|left, right| left.sub(right)),
        };
    };
    match call.name() {
        "add" => each!(|left, right| left.add_scaled(right, like(left, alpha))),
        _ => number!(|left, right| left.sub_scaled(right, like(left, alpha))),
    }
}

/// `where` as a method: the condition is the second argument.
fn choose(call: &Call) -> Outcome {
    let [input, condition, other] = call.inputs(["input", "condition", "other"])?;
    let condition = condition.typed::<bool>()?;
    each!(|input, other| input.where_(condition, other))
}

fn clamp(call: &Call) -> Outcome {
    let input = call.need(0, "input")?;
    let (low, high) = (call.get(1, "min"), call.get(2, "max"));
    let given: Vec<&Argument> = [Some(input), low, high].into_iter().flatten().collect();
    let word = promoted(&given)?;
    let input = input.tensor()?.cast(word)?;
    let bound = |bound: Option<&Argument>| {
        bound
            .map(|bound| match bound {
                Argument::Tensor(any) => any.cast(word),
                number => input.scalar_like(number.float()?),
            })
            .transpose()
    };
    match (bound(low)?, bound(high)?) {
        (Some(low), Some(high)) => number!(|input, low, high| input.clamp_tensor(Some(low), Some(high))),
        (Some(low), None) => number!(|input, low| input.clamp_tensor(Some(low), None)),
        (None, Some(high)) => number!(|input, high| input.clamp_tensor(None, Some(high))),
        (None, None) => number!(|input| input.clamp_tensor(None, None)),
    }
}

fn three(call: &Call) -> Outcome {
    let factor = call.float_or(3, "value", 1.0)?;
    let [input, left, right] = call.inputs(["input", "tensor1", "tensor2"])?;
    match call.name() {
        "addcmul" => number!(|input, left, right| input.addcmul(left, right, like(input, factor))),
        _ => float!(|input, left, right| input.addcdiv(left, right, like(input, factor))),
    }
}

fn lerp(call: &Call) -> Outcome {
    let [input, end] = call.inputs(["input", "end"])?;
    match call.need(2, "weight")? {
        Argument::Tensor(weight) => float!(|input, end, weight| input.lerp(end, weight)),
        weight => {
            let weight = weight.float()?;
            float!(|input, end| input.lerp_scalar(end, weight))
        }
    }
}
