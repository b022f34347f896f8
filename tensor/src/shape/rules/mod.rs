//! What an operation makes of its operands' shapes: one rule a file.
//!
//! A rule is a trait over shapes with the shape of the result as `Output`. Where it compares sizes it ends in a trait that is
//! asked of a typenum bit and implemented for 1 alone, so that a mismatch has a message of ours, with both sizes in it.
//! Put these bounds on methods, not on impl blocks: rustc hides the message of the latter.

mod broadcast;
mod count;
mod flatten;
mod matmul;
mod reduce;
mod reshape;
mod same;
mod transpose;

pub use broadcast::{Broadcast, BroadcastDim, BroadcastWith};
pub use count::{Count, Elements};
pub use flatten::FlattenFrom;
pub use matmul::MatMul;
pub use reduce::ReduceAxis;
pub use reshape::Reshape;
pub use same::{SameShape, SameSize};
pub use transpose::Transpose;
