//! The operators, a file a family. Each file has one function, `call`, with a line or two an operator.
//!
//! ```text
//! pub fn call(call: &Call) -> Outcome {
//!     match call.name() {
//!         "exp" => float!(call, |input| input.exp()),
//!         "maximum" => number!(call, |input, other| input.maximum(other)),
//!         "softmax" => {
//!             let (input, axis) = (call.tensor(0, "input")?, call.axis(1, "dim")?);
//!             float!(|input| input.softmax_axis(axis))
//!         }
//!         "max" if call.variant() == "reduction_with_dim" => ..
//!         _ => Err(Refusal::Unknown),
//!     }
//! }
//! ```
//!
//! - `call.name()` is PyTorch's name without the variant: `nn.functional.relu`, `linalg.qr`, `__getitem__`, `max`.
//! - `each!`, `number!`, `float!`, `integer!` run one expression for all element types that it takes. With `call,` in front the names are
//!   arguments of the call, tensors, in their order, and also the keywords that they may have been given by; without it, they
//!   are locals of type [`Any`](super::Any).
//! - The expression may be a tensor, a number, a bool, a `Vec` or tuple of these, or a `Result` of any of that.
//! - Accessors of [`Call`] take position and keyword: `call.int_or(1, "dim", -1)?`, `call.bool_or(2, "keepdim", false)?`,
//!   `call.operand(1, "other", &input)?` (tensor or number), `call.sizes(1, "shape")?` (list or variadic), `call.dtype(..)?`.
//! - An argument that no accessor asked for makes the sample missing, with the name of the argument: nothing has to be listed. What
//!   cannot change the result is `call.ignore(3, "compute_mode")`.
//! - `call.floating(0, "input")?` is a tensor whose integers and bools have become float32, as PyTorch has it for `sin`;
//!   `call.promoted(&["input", "other"])?` gives tensors and numbers in their common element type.
//! - What the library cannot do yet: `Err(Refusal::missing("fmod of integers"))`. What its types do not let through: `Refusal::form`.
//! - Panics are caught, and are failures.

mod activations;
mod convolutions;
mod create;
mod elementwise;
mod fft;
mod index;
mod layers;
mod linalg;
mod losses;
mod normalisation;
mod pooling;
mod products;
mod reduce;
mod shape;
mod sort;
mod vision;

use super::{Call, Outcome, Refusal};

/// Calls an operator of whatever family; [`Refusal::Unknown`] where none has it.
///
/// # Errors
/// Where there is no such operator, or the call is refused.
pub fn call(call: &Call) -> Outcome {
    let families = [
        elementwise::call,
        activations::call,
        shape::call,
        index::call,
        create::call,
        reduce::call,
        sort::call,
        linalg::call,
        products::call,
        fft::call,
        layers::call,
        convolutions::call,
        pooling::call,
        normalisation::call,
        vision::call,
        losses::call,
    ];
    for family in families {
        match family(call) {
            Err(Refusal::Unknown) => {}
            known => return known,
        }
    }
    Err(Refusal::Unknown)
}
