//! Parts of a tensor: selection, gathering, scattering, masks, borders.

use tensor::{Index, Pad, ScatterReduction, Span};

use crate::conformance::any::{Any, each, number};
use crate::conformance::operators::reduce::no_out;
use crate::conformance::{Argument, Call, IntoAnswer, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    let out = answer(call)?;
    no_out(call)?;
    Ok(out)
}

fn answer(call: &Call) -> Outcome {
    match call.name() {
        "__getitem__" => {
            let (input, index) = (call.tensor(0, "self")?, terms(call.need(1, "index")?)?);
            each!(|input| input.get(&index))
        }
        "index_put" | "index_put_" => {
            let (input, index) = (call.tensor(0, "self")?, terms(call.need(1, "indices")?)?);
            let (values, accumulate) = (
                call.operand(2, "values", &input)?,
                call.bool_or(3, "accumulate", false)?,
            );
            each!(|input, values| input.index_put(&index, values, accumulate))
        }
        "gather" => {
            call.ignore(3, "sparse_grad");
            let (input, axis, index) = (
                call.tensor(0, "input")?,
                call.axis(1, "dim")?,
                places(call, 2, "index")?,
            );
            let index = index.typed::<i64>()?;
            each!(|input| input.gather(axis, index))
        }
        "index_select" => {
            let (input, axis, index) = (
                call.tensor(0, "input")?,
                call.axis(1, "dim")?,
                places(call, 2, "index")?,
            );
            let index = index.typed::<i64>()?;
            each!(|input| input.index_select(axis, index))
        }
        "take" => {
            let (input, index) = (call.tensor(0, "input")?, places(call, 1, "index")?);
            let index = index.typed::<i64>()?;
            each!(|input| input.take(index))
        }
        "take_along_dim" => {
            let (input, index) = (call.tensor(0, "input")?, places(call, 1, "indices")?);
            let (index, axis) = (index.typed::<i64>()?, call.int_opt(2, "dim")?.map(|axis| axis as isize));
            each!(|input| input.take_along_dim(index, axis))
        }
        "put" => {
            let (input, index) = (call.tensor(0, "input")?, places(call, 1, "index")?);
            let (source, accumulate) = (call.tensor(2, "source")?, call.bool_or(3, "accumulate", false)?);
            let index = index.typed::<i64>()?;
            each!(|input, source| input.put(index, source, accumulate))
        }
        "index_add" | "index_copy" | "index_fill" | "index_reduce" => indexed(call),
        "scatter" | "scatter_add" | "scatter_reduce" => scattered(call),
        "masked_fill" | "masked_scatter" | "masked_select" => masked(call),
        "argwhere" => each!(call, |input| input.argwhere()),
        "nonzero" if call.bool_or(1, "as_tuple", false)? => each!(call, |input| input.nonzero_tuple()),
        "nonzero" => each!(call, |input| input.nonzero()),
        "isin" => {
            let [elements, among] = call.promoted(["elements", "test_elements"])?;
            each!(|elements, among| elements.isin(among))
        }
        "nn.functional.one_hot" => {
            let input = call.tensor(0, "tensor")?;
            let classes = match call.int_or(1, "num_classes", -1)? {
                -1 => None,
                classes => Some(usize::try_from(classes).map_err(|_| Refusal::form(format!("{classes} classes")))?),
            };
            input
                .typed::<i64>()?
                .one_hot(classes)
                .map_err(Refusal::from)?
                .into_answer()
        }
        "nn.functional.pad" => pad(call),
        _ => Err(Refusal::Unknown),
    }
}

/// The terms of an index: a tuple of them, or only one.
fn terms(index: &Argument) -> Result<Vec<Index>, Refusal> {
    match index {
        // A list of numbers is one term; a tuple holds terms, and is written as a list as well.
        Argument::List(items) if items.iter().any(|item| !matches!(item, Argument::Int(_))) => {
            items.iter().map(term).collect()
        }
        index => Ok(vec![term(index)?]),
    }
}

fn term(index: &Argument) -> Result<Index, Refusal> {
    Ok(match index {
        Argument::Int(index) => Index::from(*index),
        Argument::Bool(holds) => Index::from(*holds),
        Argument::None => Index::NewAxis,
        Argument::Ellipsis => Index::Ellipsis,
        Argument::Slice([start, stop, step]) => Index::from(Span {
            start: *start,
            stop: *stop,
            step: step.unwrap_or(1),
        }),
        Argument::List(list) => {
            let list: Result<Vec<i64>, Refusal> = list.iter().map(Argument::int).collect();
            Index::from(list?)
        }
        Argument::Tensor(Any::Bool(mask)) => Index::from(mask),
        Argument::Tensor(any) if !any.is_float() => Index::from(any.cast("int64")?.typed::<i64>()?),
        other => return Err(Refusal::form(format!("{} as an index", other.describe()))),
    })
}

/// An index tensor; here it is always of `i64`.
fn places(call: &Call, position: usize, name: &str) -> Result<Any, Refusal> {
    let any = call.tensor(position, name)?;
    match any {
        Any::I64(_) => Ok(any),
        Any::I32(_) | Any::U8(_) => any.cast("int64"),
        other => Err(Refusal::form(format!("an index of {}", other.word()))),
    }
}

/// Slices along an axis by one list of indices.
fn indexed(call: &Call) -> Outcome {
    let (input, axis, index) = (
        call.tensor(0, "input")?,
        call.axis(1, "dim")?,
        places(call, 2, "index")?,
    );
    let index = index.typed::<i64>()?;
    match call.name() {
        "index_fill" => {
            let value = call.operand(3, "value", &input)?;
            each!(|input, value| input.index_fill(axis, index, value))
        }
        "index_copy" => {
            let source = call.tensor(3, "source")?;
            each!(|input, source| input.index_copy(axis, index, source))
        }
        "index_reduce" => {
            let (source, how) = (call.tensor(3, "source")?, reduction(call.text_or(4, "reduce", "")?)?);
            let include_self = call.bool_or(5, "include_self", true)?;
            number!(|input, source| input.index_reduce(axis, index, source, how, include_self))
        }
        _ => {
            let (source, factor) = (call.tensor(3, "source")?, call.float_or(4, "alpha", 1.0)?);
            each!(|input, source| input.index_add(axis, index, source, tensor::Element::from_f64(factor)))
        }
    }
}

/// Elements by an index of their own each.
fn scattered(call: &Call) -> Outcome {
    let (input, axis, index) = (
        call.tensor(0, "input")?,
        call.axis(1, "dim")?,
        places(call, 2, "index")?,
    );
    let index = index.typed::<i64>()?;
    if call.name() == "scatter_add" {
        let source = call.tensor(3, "src")?;
        return each!(|input, source| input.scatter_add(axis, index, source));
    }
    let how = match call.text_or(4, "reduce", "")? {
        "" => None,
        word => Some(reduction(word)?),
    };
    let source = match call.need(3, "src")? {
        Argument::Tensor(source) => source.clone(),
        number => {
            // PyTorch rounds it to the element type; here it would be written in that.
            let value = input.scalar_like(number.float()?)?;
            if how.is_none() {
                return each!(|input, value| input.scatter_fill(axis, index, value));
            }
            each!(|value| value.broadcast_to(index.sizes()))?.into_tensor()?
        }
    };
    let include_self = call.bool_or(5, "include_self", true)?;
    match how {
        None => each!(|input, source| input.scatter(axis, index, source)),
        Some(how) => each!(|input, source| input.scatter_reduce(axis, index, source, how, include_self)),
    }
}

fn reduction(word: &str) -> Result<ScatterReduction, Refusal> {
    Ok(match word {
        "sum" | "add" => ScatterReduction::Sum,
        "prod" | "multiply" => ScatterReduction::Prod,
        "mean" => ScatterReduction::Mean,
        "amax" => ScatterReduction::Amax,
        "amin" => ScatterReduction::Amin,
        other => return Err(Refusal::form(format!("the reduction {other:?}"))),
    })
}

fn masked(call: &Call) -> Outcome {
    let (input, mask) = (call.tensor(0, "input")?, call.tensor(1, "mask")?);
    let mask = mask.typed::<bool>()?;
    match call.name() {
        "masked_fill" => {
            let value = call.operand(2, "value", &input)?;
            each!(|input, value| input.masked_fill(mask, value))
        }
        "masked_scatter" => {
            let source = call.tensor(2, "source")?;
            each!(|input, source| input.masked_scatter(mask, source))
        }
        _ => each!(|input| input.masked_select(mask)),
    }
}

fn pad(call: &Call) -> Outcome {
    let (input, pads) = (call.tensor(0, "input")?, call.axes_opt(1, "pad")?.unwrap_or_default());
    let (mode, value) = (call.text_or(2, "mode", "constant")?, call.float_or(3, "value", 0.0)?);
    match mode {
        "constant" => each!(|input| input.pad(&pads, Pad::Constant(tensor::Element::from_f64(value)))),
        "reflect" => each!(|input| input.pad(&pads, Pad::Reflect)),
        "replicate" => each!(|input| input.pad(&pads, Pad::Replicate)),
        "circular" => each!(|input| input.pad(&pads, Pad::Circular)),
        other => Err(Refusal::form(format!("the mode {other:?}"))),
    }
}
