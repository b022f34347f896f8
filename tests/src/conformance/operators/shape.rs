//! Other sizes over the same elements.

use crate::conformance::any::{Any, each};
use crate::conformance::{Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "view" | "reshape" => {
            let input = call.tensor(0, "input")?;
            let sizes = inferred(&input, &call.ints(1, "shape")?)?;
            each!(|input| input.reshape(&sizes))
        }
        "transpose" | "swapaxes" => {
            let input = call.tensor(0, "input")?;
            let (one, other) = (call.axis(1, "dim0")?, call.axis(2, "dim1")?);
            each!(|input| input.transpose(one, other))
        }
        "broadcast_to" => {
            let (input, sizes) = (call.tensor(0, "input")?, call.sizes(1, "size")?);
            each!(|input| input.broadcast_to(&sizes))
        }
        "contiguous" => {
            call.ignore(1, "memory_format");
            each!(call, |input| input.contiguous())
        }
        _ => Err(Refusal::Unknown),
    }
}

/// Sizes of which one may be -1: what is left.
fn inferred(input: &Any, sizes: &[i64]) -> Result<Vec<usize>, Refusal> {
    let known: i64 = sizes.iter().filter(|&&size| size >= 0).product();
    let size = |&size: &i64| match size {
        -1 if known > 0 => Ok(input.len() / known as usize),
        size => usize::try_from(size).map_err(|_| Refusal::error(format!("the size {size}"))),
    };
    sizes.iter().map(size).collect()
}
