//! What an operation makes of its operands' shapes: one rule a file.
//!
//! A rule is a trait over shapes with the shape of the result as `Output`. Where it compares sizes it ends in a trait that is
//! asked of a typenum bit and implemented for 1 alone, so that a mismatch has a message of ours, with both sizes in it.
//! Put these bounds on methods, not on impl blocks: rustc hides the message of the latter.

mod broadcast;
mod comparable;
mod count;
mod flatten;
mod last;
mod matmul;
mod reduce;
mod reshape;
mod same;
mod transpose;

pub use broadcast::{Broadcast, BroadcastDim, BroadcastWith, StretchesTo};
pub use comparable::Comparable;
pub use count::{Count, Elements};
pub use flatten::{FlattenFrom, SplitAt};
pub use last::LastAxis;
pub use matmul::{MatMul, MultipliedBy, RowsFor, RowsMatch};
pub use reduce::ReduceAxis;
pub use reshape::{Holds, Reshape};
pub use same::{IsShape, IsSize, SameShape, SameSize};
pub use transpose::Transpose;

#[cfg(test)]
mod tests;
