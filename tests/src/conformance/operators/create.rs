//! Tensors made from sizes and numbers.

use tensor::{Dynamic, Element, Number, Numeric, Tensor};

use crate::conformance::any::{Listed, each, number};
use crate::conformance::{Any, Argument, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "zeros" | "ones" | "full" | "zeros_like" | "ones_like" | "full_like" => filled(call),
        "arange" | "linspace" | "logspace" => range(call),
        "eye" => {
            call.keyword("requires_grad");
            let (rows, columns) = (call.size(0, "n")?, call.int_opt(1, "m")?);
            let columns = usize::try_from(columns.unwrap_or(rows as i64));
            let columns = columns.map_err(|_| Refusal::form("a negative number of columns"))?;
            let like = like(call, "float32")?;
            each!(|like| as_in(like, || Tensor::eye(rows, columns)))
        }
        "tril_indices" | "triu_indices" => {
            call.keyword("device");
            let (rows, columns, offset) = (
                call.size(0, "row")?,
                call.size(1, "col")?,
                call.axis_or(2, "offset", 0)?,
            );
            let out = match call.name() {
                "tril_indices" => Tensor::tril_indices(rows, columns, offset)?,
                _ => Tensor::triu_indices(rows, columns, offset)?,
            };
            Ok(Any::from(out)
                .cast(call.dtype_word(usize::MAX, "dtype")?.unwrap_or("int64"))?
                .into())
        }
        _ => Err(Refusal::Unknown),
    }
}

/// A tensor of the element type that the call names, or of another, on the one device that there is.
fn like(call: &Call, otherwise: &str) -> Result<Any, Refusal> {
    call.keyword("device");
    Any::from_numbers(call.dtype_word(usize::MAX, "dtype")?.unwrap_or(otherwise), &[], &[0])
}

/// A tensor of an element type, or an error.
type Made<T> = tensor::Result<Tensor<Dynamic, T>>;

/// What is made, of the element type of a tensor.
fn as_in<T: Element>(_: &Tensor<Dynamic, T>, make: impl FnOnce() -> Made<T>) -> Made<T> {
    make()
}

fn filled(call: &Call) -> Outcome {
    let as_another = call.name().ends_with("_like");
    let (sizes, word) = if as_another {
        let input = call.tensor(0, "input")?;
        (input.sizes().to_vec(), input.word())
    } else {
        let sizes = call.need(0, "size")?.ints()?;
        let sizes: Result<Vec<usize>, _> = sizes.into_iter().map(usize::try_from).collect();
        (sizes.map_err(|_| Refusal::form("a negative size"))?, "float32")
    };
    let like = like(call, word)?;
    if call.name().starts_with("zeros") {
        return each!(|like| as_in(like, || Tensor::zeros_of(&sizes)));
    }
    if call.name().starts_with("ones") {
        return each!(|like| as_in(like, || Tensor::ones_of(&sizes)));
    }
    let value = written(call.need(1, "fill_value")?)?;
    each!(|like| full(like, value, &sizes))
}

fn full<T: Listed>(_: &Tensor<Dynamic, T>, value: Number, sizes: &[usize]) -> Made<T> {
    let value = match value {
        Number::Whole(value) => T::from_i64(value),
        Number::Fraction(value) => T::from_f64(value),
    };
    Tensor::full_of(value, sizes)
}

/// A number as the call writes it.
fn written(argument: &Argument) -> Result<Number, Refusal> {
    match argument {
        Argument::Float(number) => Ok(Number::Fraction(*number)),
        other => other.int().map(Number::Whole),
    }
}

fn range(call: &Call) -> Outcome {
    if call.name() == "arange" {
        let one = call.count() + usize::from(call.keyword("end").is_some()) == 1;
        let (start, end) = match one {
            true => (Number::Whole(0), written(call.need(0, "end")?)?),
            false => (written(call.need(0, "start")?)?, written(call.need(1, "end")?)?),
        };
        let step = call.get(2, "step").map_or(Ok(Number::Whole(1)), written)?;
        let whole = [start, end, step]
            .iter()
            .all(|number| matches!(number, Number::Whole(_)));
        let like = like(call, if whole { "int64" } else { "float32" })?;
        return number!(|like| arange(like, start, end, step));
    }
    let (start, end) = (written(call.need(0, "start")?)?, written(call.need(1, "end")?)?);
    let steps = match call.need(2, "steps")? {
        Argument::Int(steps) => usize::try_from(*steps).map_err(|_| Refusal::form("a negative number of steps"))?,
        other => return Err(Refusal::form(other.describe())),
    };
    let like = like(call, "float32")?;
    if call.name() == "linspace" {
        return number!(|like| linspace(like, start, end, steps));
    }
    let base = call.float_or(3, "base", 10.0)?;
    number!(|like| logspace(like, start, end, steps, base))
}

fn arange<T: Numeric>(_: &Tensor<Dynamic, T>, start: Number, end: Number, step: Number) -> Made<T> {
    Tensor::arange(start, end, step)
}

fn linspace<T: Numeric>(_: &Tensor<Dynamic, T>, start: Number, end: Number, steps: usize) -> Made<T> {
    Tensor::linspace(start, end, steps)
}

fn logspace<T: Numeric>(_: &Tensor<Dynamic, T>, start: Number, end: Number, steps: usize, base: f64) -> Made<T> {
    Tensor::logspace(start, end, steps, base)
}
