//! Reductions, and what runs along an axis.

use crate::conformance::any::{each, float, number};
use crate::conformance::{Answer, Any, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "max" | "min" if call.variant() != "binary" => extreme(call),
        "std" | "std_mean" | "var" | "var_mean" => moments(call),
        "norm" => {
            let (input, p) = (call.tensor(0, "input")?, call.float_or(1, "p", 2.0)?);
            let axes = call.axes_opt(2, "dim")?.unwrap_or_default();
            let keep = call.bool_or(3, "keepdim", false)?;
            float!(|input| input.norm(p, &axes, keep))
        }
        "sum" | "nansum" | "mean" | "nanmean" | "prod" | "amax" | "amin" | "any" | "all" | "count_nonzero" => {
            over_axes(call)
        }
        "logsumexp" => {
            let (input, axes) = (call.tensor(0, "input")?, call.axes_opt(1, "dim")?.unwrap_or_default());
            let keep = call.bool_or(2, "keepdim", false)?;
            each!(|input| input.logsumexp(&axes, keep))
        }
        "argmax" | "argmin" => places(call),
        "cumsum" | "cumprod" => {
            let (input, axis) = (converted(call)?, call.axis(1, "dim")?);
            match call.name() {
                "cumsum" => each!(|input| input.cumsum(axis)),
                _ => each!(|input| input.cumprod(axis)),
            }
        }
        "cummax" | "cummin" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis(1, "dim")?);
            match call.name() {
                "cummax" => each!(|input| input.cummax(axis)),
                _ => each!(|input| input.cummin(axis)),
            }
        }
        "logcumsumexp" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis(1, "dim")?);
            float!(|input| input.logcumsumexp(axis))
        }
        "trace" => each!(call, |input| input.trace()),
        "cdist" => {
            let p = call.float_or(2, "p", 2.0)?;
            call.ignore(3, "compute_mode");
            let [x1, x2] = call.inputs(["x1", "x2"])?;
            float!(|x1, x2| x1.cdist(x2, p))
        }
        _ => Err(Refusal::Unknown),
    }
}

/// There is no `out` to write into.
pub fn no_out(call: &Call) -> Result<(), Refusal> {
    match call.keyword("out") {
        Some(_) => Err(Refusal::form("`out`, which is nowhere taken")),
        None => Ok(()),
    }
}

/// The input in the element type that `dtype` asks for.
fn converted(call: &Call) -> Result<Any, Refusal> {
    let input = call.tensor(0, "input")?;
    match call.keyword("dtype") {
        Some(dtype) => input.cast(dtype.dtype_word()?),
        None => Ok(input),
    }
}

/// Over the axes that the call names: one, several, or all. What `dtype` asks for comes out.
fn over_axes(call: &Call) -> Outcome {
    no_out(call)?;
    let out = over_named(call)?;
    Ok(match call.keyword("dtype") {
        Some(dtype) => Answer::Tensor(out.into_tensor()?.cast(dtype.dtype_word()?)?),
        None => out,
    })
}

fn over_named(call: &Call) -> Outcome {
    let input = converted(call)?;
    let axes = call.axes_opt(1, "dim")?.unwrap_or_default();
    let keep = call.bool_or(2, "keepdim", false)?;
    match call.name() {
        "sum" => each!(|input| input.sum_axes(&axes, keep)),
        "nansum" => each!(|input| input.nansum_axes(&axes, keep)),
        "prod" => each!(|input| input.prod_axes(&axes, keep)),
        "mean" => float!(|input| input.mean_axes(&axes, keep)),
        "nanmean" => float!(|input| input.nanmean_axes(&axes, keep)),
        "amax" => each!(|input| input.amax(&axes, keep)),
        "amin" => each!(|input| input.amin(&axes, keep)),
        "any" => each!(|input| input.any_axes(&axes, keep)),
        "all" => each!(|input| input.all_axes(&axes, keep)),
        _ => each!(|input| input.count_nonzero_axes(&axes, keep)),
    }
}

/// `max(x)`, and `max(x, dim, keepdim)` with the places.
fn extreme(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    let Some(axis) = call.int_opt(1, "dim")? else {
        return match call.name() {
            "max" => each!(|input| input.max()),
            _ => each!(|input| input.min()),
        };
    };
    let (axis, keep) = (axis as isize, call.bool_or(2, "keepdim", false)?);
    match call.name() {
        "max" => each!(|input| input.max_with_index(axis, keep)),
        _ => each!(|input| input.min_with_index(axis, keep)),
    }
}

fn places(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    let axis = call.int_opt(1, "dim")?.map(|axis| axis as isize);
    let keep = call.bool_or(2, "keepdim", false)?;
    match (call.name(), axis) {
        ("argmax", Some(axis)) => each!(|input| input.argmax_axis(axis, keep)),
        ("argmin", Some(axis)) => each!(|input| input.argmin_axis(axis, keep)),
        ("argmax", None) => number!(|input| input.argmax_all()),
        _ => number!(|input| input.argmin_all()),
    }
}

fn moments(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    let axes = call.axes_opt(1, "dim")?.unwrap_or_default();
    let unbiased = call.bool_or(2, "unbiased", true)?;
    let correction = match call.keyword("correction") {
        Some(correction) => correction.float()?,
        None => f64::from(u8::from(unbiased)),
    };
    let keep = call.bool_or(3, "keepdim", false)?;
    match call.name() {
        "var" => float!(|input| input.var_axes(&axes, correction, keep)),
        "std" => float!(|input| input.std_axes(&axes, correction, keep)),
        "var_mean" => float!(|input| input.var_mean(&axes, correction, keep)),
        _ => float!(|input| input.std_mean(&axes, correction, keep)),
    }
}
