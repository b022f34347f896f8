//! Sorting, searching, counting, and elements with their places.

use tensor::{Interpolation, Unique};

use super::reduce::no_out;
use crate::conformance::any::{Listed, each, float, integer, number};
use crate::conformance::{Answer, Any, Argument, Call, IntoAnswer, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "sort" | "argsort" => sort(call),
        "topk" => {
            let (input, k) = (call.tensor(0, "input")?, call.size(1, "k")?);
            let (axis, largest) = (call.axis_or(2, "dim", -1)?, call.bool_or(3, "largest", true)?);
            call.ignore(4, "sorted");
            each!(|input| input.topk(k, axis, largest))
        }
        "kthvalue" => {
            no_out(call)?;
            let (input, k) = (call.tensor(0, "input")?, call.size(1, "k")?);
            let (axis, keep) = (call.axis_or(2, "dim", -1)?, call.bool_or(3, "keepdim", false)?);
            each!(|input| input.kthvalue(k, axis, keep))
        }
        "mode" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis_or(1, "dim", -1)?);
            let keep = call.bool_or(2, "keepdim", false)?;
            each!(|input| input.mode(axis, keep))
        }
        "median" | "nanmedian" => median(call),
        "quantile" | "nanquantile" => quantile(call),
        "searchsorted" => searchsorted(call),
        "bucketize" => {
            let input = call.tensor(0, "input")?;
            let boundaries = call.operand(1, "boundaries", &input)?;
            let right = call.bool_or(3, "right", false)?;
            places(call, number!(|input, boundaries| input.bucketize(boundaries, right)))
        }
        "unique" => {
            let (input, axis) = (call.tensor(0, "input")?, call.int_opt(4, "dim")?);
            call.ignore(1, "sorted");
            match axis {
                Some(axis) => each!(|input| parts(call, input.unique_axis(axis as isize)?)),
                None => each!(|input| parts(call, input.unique()?)),
            }
        }
        "bincount" => bincount(call),
        "histc" => {
            let (input, bins) = (call.tensor(0, "input")?, call.int_or(1, "bins", 100)?);
            let (low, high) = (call.float_or(2, "min", 0.0)?, call.float_or(3, "max", 0.0)?);
            let bins = usize::try_from(bins).map_err(|_| Refusal::form(format!("{bins} bins")))?;
            float!(|input| input.histc(bins, low, high))
        }
        _ => Err(Refusal::Unknown),
    }
}

/// Sorting here is stable always.
fn sort(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    let (axis, descending) = (call.axis_or(1, "dim", -1)?, call.bool_or(2, "descending", false)?);
    call.ignore(3, "stable");
    match call.name() {
        "sort" => each!(|input| input.sort(axis, descending)),
        _ => each!(|input| input.argsort(axis, descending)),
    }
}

fn median(call: &Call) -> Outcome {
    let (input, axis) = (call.tensor(0, "input")?, call.int_opt(1, "dim")?);
    let keep = call.bool_or(2, "keepdim", false)?;
    match (call.name(), axis.map(|axis| axis as isize)) {
        ("median", Some(axis)) => number!(|input| input.median_axis(axis, keep)),
        ("median", None) => number!(|input| input.median()),
        (_, Some(axis)) => number!(|input| input.nanmedian_axis(axis, keep)),
        (_, None) => number!(|input| input.nanmedian()),
    }
}

fn quantile(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    let q = call.operand(1, "q", &input)?;
    let axis = call.int_opt(2, "dim")?.map(|axis| axis as isize);
    let keep = call.bool_or(3, "keepdim", false)?;
    let between = match call.text_or(4, "interpolation", "linear")? {
        "linear" => Interpolation::Linear,
        "lower" => Interpolation::Lower,
        "higher" => Interpolation::Higher,
        "midpoint" => Interpolation::Midpoint,
        "nearest" => Interpolation::Nearest,
        other => return Err(Refusal::form(format!("the interpolation {other}"))),
    };
    match call.name() {
        "quantile" => float!(|input, q| input.quantiles(q, axis, keep, between)),
        _ => float!(|input, q| input.nanquantiles(q, axis, keep, between)),
    }
}

fn searchsorted(call: &Call) -> Outcome {
    let sequence = call.tensor(0, "sorted_sequence")?;
    let values = call.operand(1, "input", &sequence)?;
    let right = match call.text_or(4, "side", "")? {
        "right" => true,
        "left" if call.bool_or(3, "right", false)? => {
            return Err(Refusal::form("the left side and the right one"));
        }
        _ => call.bool_or(3, "right", false)?,
    };
    let found = match call.tensor_opt(5, "sorter")? {
        Some(sorter) => {
            let sorter = sorter.typed::<i64>()?;
            number!(|sequence, values| sequence.searchsorted_by(sorter, values, right))
        }
        None => number!(|sequence, values| sequence.searchsorted(values, right)),
    };
    places(call, found)
}

/// Places in the integers that `out_int32` asks for.
fn places(call: &Call, found: Outcome) -> Outcome {
    let found = found?;
    match call.bool_or(2, "out_int32", false)? {
        true => Ok(Answer::Tensor(found.into_tensor()?.cast("int32")?)),
        false => Ok(found),
    }
}

/// What `return_inverse` and `return_counts` ask for.
fn parts<T: Listed>(call: &Call, found: Unique<T>) -> Outcome {
    let mut list = vec![found.values.into_answer()?];
    if call.bool_or(2, "return_inverse", false)? {
        list.push(found.inverse.into_answer()?);
    }
    if call.bool_or(3, "return_counts", false)? {
        list.push(found.counts.into_answer()?);
    }
    Ok(match list.len() {
        1 => list.remove(0),
        _ => Answer::List(list),
    })
}

fn bincount(call: &Call) -> Outcome {
    let (input, least) = (call.tensor(0, "input")?, call.int_or(2, "minlength", 0)?);
    let least = usize::try_from(least).map_err(|_| Refusal::form(format!("{least} bins")))?;
    let weights = call.get(1, "weights").map(Argument::tensor).transpose()?;
    match weights {
        None => integer!(|input| input.bincount(least)),
        Some(weights) => {
            let weights: Any = weights.cast("float64")?;
            let weights = weights.typed::<f64>()?;
            let sums = integer!(|input| input.bincount_weighted(weights, least))?;
            match call.get(1, "weights").map(Argument::tensor) {
                Some(Ok(Any::F32(_))) => Ok(Answer::Tensor(sums.into_tensor()?.cast("float32")?)),
                _ => Ok(sums),
            }
        }
    }
}
