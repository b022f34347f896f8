//! Other sizes over the same elements, several tensors as one, one as several.

use tensor::{DType, Dynamic, Indexing, Tensor};

use crate::conformance::any::{Listed, each};
use crate::conformance::promote::promoted;
use crate::conformance::{Any, Argument, Call, IntoAnswer, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "view" | "reshape" | "flatten" | "unflatten" | "squeeze" | "unsqueeze" => sizes(call),
        "transpose" | "swapaxes" | "permute" | "movedim" | "t" => axes(call),
        "expand" | "broadcast_to" | "repeat" | "tile" | "repeat_interleave" => expand(call),
        "cat" | "stack" | "hstack" | "vstack" | "dstack" | "cartesian_prod" | "meshgrid" | "combinations" => join(call),
        "narrow" | "select" | "split" | "chunk" | "tensor_split" | "unbind" => split(call),
        "flip" | "roll" | "rot90" => flip(call),
        "diag" | "diagonal" | "diag_embed" | "tril" | "triu" => diagonal(call),
        "unfold" => {
            let (input, axis) = (call.tensor(0, "input")?, call.axis(1, "dimension")?);
            let (size, step) = (call.size(2, "size")?, call.size(3, "step")?);
            each!(|input| input.unfold(axis, size, step))
        }
        "as_strided" => {
            let (input, sizes) = (call.tensor(0, "input")?, integers(call, 1, "size")?);
            let (strides, offset) = (integers(call, 2, "stride")?, call.int_or(3, "storage_offset", 0)?);
            let offset = usize::try_from(offset).map_err(|_| Refusal::error(format!("the offset {offset}")))?;
            each!(|input| input.as_strided(&sizes, &strides, offset))
        }
        "contiguous" => {
            call.ignore(1, "memory_format");
            each!(call, |input| input.contiguous())
        }
        _ => Err(Refusal::Unknown),
    }
}

fn sizes(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    match call.name() {
        "view" => {
            let sizes = call.ints(1, "size")?;
            each!(|input| input.view(&sizes))
        }
        "reshape" => {
            let sizes = call.ints(1, "shape")?;
            each!(|input| input.reshape(&sizes))
        }
        "flatten" => {
            let (start, end) = (call.axis_or(1, "start_dim", 0)?, call.axis_or(2, "end_dim", -1)?);
            each!(|input| input.flatten(start, end))
        }
        "unflatten" => {
            let (axis, sizes) = (call.axis(1, "dim")?, integers(call, 2, "sizes")?);
            each!(|input| input.unflatten(axis, &sizes))
        }
        "squeeze" => match call.axes_opt(1, "dim")?.as_deref() {
            None => each!(|input| input.squeeze()),
            Some(&[axis]) => each!(|input| input.squeeze_axis(axis)),
            Some(axes) => each!(|input| input.squeeze_axes(axes)),
        },
        _ => {
            let axis = call.axis(1, "dim")?;
            each!(|input| input.unsqueeze(axis))
        }
    }
}

fn axes(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    match call.name() {
        "permute" => {
            let order = axes_of(&call.ints(1, "dims")?);
            each!(|input| input.permute(&order))
        }
        "movedim" => {
            let (from, to) = (integers(call, 1, "source")?, integers(call, 2, "destination")?);
            let (from, to) = (axes_of(&from), axes_of(&to));
            each!(|input| input.movedim(&from, &to))
        }
        "t" => each!(|input| input.t()),
        _ => {
            let (one, other) = (call.axis(1, "dim0")?, call.axis(2, "dim1")?);
            each!(|input| input.transpose(one, other))
        }
    }
}

fn expand(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    match call.name() {
        "expand" => {
            let sizes = call.ints(1, "size")?;
            each!(|input| input.expand(&sizes))
        }
        "broadcast_to" => {
            let sizes = call.ints(1, "size")?;
            each!(|input| input.broadcast_to(&sizes))
        }
        "repeat" => {
            let times = call.ints(1, "repeats")?;
            each!(|input| input.repeat(&times))
        }
        "tile" => {
            let times = call.ints(1, "dims")?;
            each!(|input| input.tile(&times))
        }
        _ => {
            let axis = call.int_opt(2, "dim")?.map(|axis| axis as isize);
            // It is known from the numbers; PyTorch is told it so as not to wait for a device.
            call.ignore(3, "output_size");
            if let Ok(Some(times)) = call.tensor_opt(1, "repeats") {
                let times = times.typed::<i64>()?;
                return each!(|input| input.repeat_interleave_by(times, axis));
            }
            let times = call.size(1, "repeats")?;
            each!(|input| input.repeat_interleave(times, axis))
        }
    }
}

fn join(call: &Call) -> Outcome {
    match call.name() {
        "combinations" => {
            let (input, count) = (call.tensor(0, "input")?, call.size(1, "r")?);
            let repeated = call.bool_or(2, "with_replacement", false)?;
            each!(|input| input.combinations(count, repeated))
        }
        // A result is not written into a tensor that is there: no tensor changes.
        "cat" if call.keyword("out").is_some() => Err(Refusal::form("a tensor to write to")),
        "cat" => {
            let (tensors, axis) = (call.need(0, "tensors")?.items()?, call.axis_or(1, "dim", 0)?);
            let (first, tensors) = together(tensors.iter().map(Argument::tensor))?;
            each!(|first| joined(first, &tensors, |tensors| Tensor::cat(tensors, axis)))
        }
        "stack" => {
            let (tensors, axis) = (call.need(0, "tensors")?.items()?, call.axis_or(1, "dim", 0)?);
            let (first, tensors) = together(tensors.iter().map(Argument::tensor))?;
            each!(|first| joined(first, &tensors, |tensors| Tensor::stack(tensors, axis)))
        }
        "meshgrid" => {
            let indexing = match call.keyword("indexing").map(Argument::text).transpose()? {
                Some("xy") => Indexing::Xy,
                _ => Indexing::Ij,
            };
            let (first, tensors) = together(call.tensors(0, "tensors")?.iter().map(Ok))?;
            each!(|first| joined(first, &tensors, |tensors| Tensor::meshgrid(tensors, indexing)))
        }
        name => {
            let (first, tensors) = together(call.tensors(0, "tensors")?.iter().map(Ok))?;
            each!(|first| joined(first, &tensors, |tensors| match name {
                "hstack" => Tensor::hstack(tensors),
                "vstack" => Tensor::vstack(tensors),
                "dstack" => Tensor::dstack(tensors),
                _ => Tensor::cartesian_prod(tensors),
            }))
        }
    }
}

/// Tensors in their common element type, and one of that type that says which it is, even if there are none.
fn together<'a>(tensors: impl Iterator<Item = Result<&'a Any, Refusal>>) -> Result<(Any, Vec<Any>), Refusal> {
    let tensors: Vec<Argument> = tensors
        .map(|any| any.map(|any| Argument::Tensor(any.clone())))
        .collect::<Result<_, _>>()?;
    let Some(Argument::Tensor(first)) = tensors.first() else {
        return Ok((Any::from_numbers("float32", &[], &[0])?, Vec::new()));
    };
    let word = promoted(&tensors.iter().collect::<Vec<_>>())?;
    let like = first.cast(word)?;
    let tensors: Result<_, _> = tensors.iter().map(|each| each.tensor()?.cast(word)).collect();
    Ok((like, tensors?))
}

/// What comes of many tensors of one element type.
fn joined<T: Listed, A: IntoAnswer>(
    _: &Tensor<Dynamic, T>,
    tensors: &[Any],
    join: impl FnOnce(&[&Tensor<Dynamic, T>]) -> A,
) -> Outcome {
    let tensors: Vec<&Tensor<Dynamic, T>> = tensors.iter().map(Any::typed).collect::<Result<_, _>>()?;
    join(&tensors).into_answer()
}

fn split(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    match call.name() {
        "narrow" => {
            let (axis, start, length) = (call.axis(1, "dim")?, call.need(2, "start")?, call.size(3, "length")?);
            if matches!(start.tensor(), Ok(start) if start.rank() > 0 || start.dtype() == DType::Bool) {
                return Err(Refusal::form("a start that is no number"));
            }
            let start = start.int()? as isize;
            each!(|input| input.narrow(axis, start, length))
        }
        "select" => {
            let (axis, index) = (call.axis(1, "dim")?, call.axis(2, "index")?);
            each!(|input| input.select(axis, index))
        }
        "split" => {
            let (lengths, axis) = (call.need(1, "split_size_or_sections")?, call.axis_or(2, "dim", 0)?);
            if lengths.items().is_ok() {
                let lengths: Result<Vec<usize>, _> = lengths.ints()?.into_iter().map(usize::try_from).collect();
                let lengths = lengths.map_err(|_| Refusal::form("a negative length"))?;
                return each!(|input| input.split_sizes(&lengths, axis));
            }
            let length = call.size(1, "split_size_or_sections")?;
            each!(|input| input.split(length, axis))
        }
        "chunk" => {
            let (count, axis) = (call.size(1, "chunks")?, call.axis_or(2, "dim", 0)?);
            each!(|input| input.chunk(count, axis))
        }
        "tensor_split" => {
            let (places, axis) = (call.need(1, "indices_or_sections")?, call.axis_or(2, "dim", 0)?);
            let indices = match (places.tensor(), places.items()) {
                (Ok(tensor), _) if tensor.rank() > 0 => Some(tensor.integers()?),
                (_, Ok(_)) => Some(places.ints()?),
                _ => None,
            };
            if let Some(indices) = indices {
                let indices = axes_of(&indices);
                return each!(|input| input.tensor_split_at(&indices, axis));
            }
            let count = call.size(1, "indices_or_sections")?;
            each!(|input| input.tensor_split(count, axis))
        }
        _ => {
            let axis = call.axis_or(1, "dim", 0)?;
            each!(|input| input.unbind(axis))
        }
    }
}

fn flip(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    match call.name() {
        "flip" => {
            let axes = call.axes_opt(1, "dims")?.unwrap_or_default();
            each!(|input| input.flip(&axes))
        }
        "roll" => {
            let (shifts, axes) = (axes_of(&integers(call, 1, "shifts")?), call.axes_opt(2, "dims")?);
            let axes = axes.unwrap_or_default();
            each!(|input| input.roll(&shifts, &axes))
        }
        _ => {
            let times = call.axis_or(1, "k", 1)?;
            let axes = call.axes_opt(2, "dims")?.unwrap_or_else(|| vec![0, 1]);
            let Ok(axes) = <[isize; 2]>::try_from(axes) else {
                return Err(Refusal::form("other than two axes"));
            };
            each!(|input| input.rot90(times, axes))
        }
    }
}

fn diagonal(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    match call.name() {
        "tril" | "triu" | "diag" => {
            let offset = call.axis_or(1, "diagonal", 0)?;
            match call.name() {
                "tril" => each!(|input| input.tril(offset)),
                "triu" => each!(|input| input.triu(offset)),
                _ => each!(|input| input.diag(offset)),
            }
        }
        "diagonal" => {
            let offset = call.axis_or(1, "offset", 0)?;
            let (a, b) = (call.axis_or(2, "dim1", 0)?, call.axis_or(3, "dim2", 1)?);
            each!(|input| input.diagonal(offset, a, b))
        }
        _ => {
            let offset = call.axis_or(1, "offset", 0)?;
            let (a, b) = (call.axis_or(2, "dim1", -2)?, call.axis_or(3, "dim2", -1)?);
            each!(|input| input.diag_embed(offset, a, b))
        }
    }
}

/// Whole numbers of one argument, a list or one number.
fn integers(call: &Call, position: usize, name: &str) -> Result<Vec<i64>, Refusal> {
    call.need(position, name)?.ints()
}

fn axes_of(numbers: &[i64]) -> Vec<isize> {
    numbers.iter().map(|&number| number as isize).collect()
}
