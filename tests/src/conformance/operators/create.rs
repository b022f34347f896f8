//! Tensors made from sizes and numbers.

use tensor::{Dynamic, Element, Tensor};

use crate::conformance::any::each;
use crate::conformance::{Any, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "zeros" => full(call, 0.0),
        "ones" => full(call, 1.0),
        "zeros_like" => full_like(call, 0.0),
        "ones_like" => full_like(call, 1.0),
        "full_like" => full_like(call, call.float(1, "fill_value")?),
        _ => Err(Refusal::Unknown),
    }
}

/// The sizes by position, the element type by keyword.
fn full(call: &Call, value: f64) -> Outcome {
    let sizes = call.sizes(0, "size")?;
    let like = Any::from_numbers(call.dtype_word(usize::MAX, "dtype")?.unwrap_or("float32"), &[], &[0])?;
    each!(|like| typed(like, value, &sizes))
}

fn typed<T: Element>(_: &Tensor<Dynamic, T>, value: f64, sizes: &[usize]) -> tensor::Result<Tensor<Dynamic, T>> {
    Tensor::full_of(T::from_f64(value), sizes)
}

/// The sizes of a tensor, and its element type where none is named.
fn full_like(call: &Call, value: f64) -> Outcome {
    let input = call.tensor(0, "input")?;
    let input = match call.dtype_word(usize::MAX, "dtype")? {
        Some(word) => input.cast(word)?,
        None => input,
    };
    each!(|input| input.full_like(Element::from_f64(value)))
}
