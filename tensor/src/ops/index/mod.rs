//! Parts of a tensor by their places: what `x[..]` means, for reading and writing; whole slices, single elements, masks.
//!
//! A [`Plan`](plan::Plan) is made of the terms first, where everything is checked: steps that are views, then places along some axes, which
//! are counted on the host. What is read or written is done by `gather` and `scatter`.

mod along;
mod fill;
mod flat;
mod lift;
mod masks;
mod one_hot;
mod plan;
mod read;
mod scattered;
mod term;
mod write;

pub use fill::Fill;
pub use scattered::ScatterReduction;
pub use term::{Ellipsis, Index, NewAxis, Span};
