//! What an operation makes of its operands' shapes: one rule a file.
//!
//! A rule is a trait over shapes with the shape of the result as `Output`. Where it compares sizes it ends in a trait that is
//! asked of a typenum bit and implemented for 1 alone, so that a mismatch has a message of ours, with both sizes in it.
//! Put these bounds on methods, not on impl blocks: rustc hides the message of the latter.

mod axes;
mod broadcast;
mod comparable;
mod concat;
mod convolve;
mod count;
mod flatten;
mod insert;
mod kronecker;
mod last;
mod length;
mod matmul;
mod matrices;
mod permute;
mod pixels;
mod ranks;
mod reduce;
mod repeat;
mod reshape;
mod same;
mod square;
mod transpose;
mod windows;

pub use axes::{
    Axes, CoversAxes, EitherMask, JoinBit, JoinMask, KeptAxes, Listed, NamesAxes, NamesAxis, ReduceAxes, WithoutMask,
};
pub use broadcast::{Broadcast, BroadcastDim, BroadcastWith, StretchesTo};
pub use comparable::Comparable;
pub use concat::{Concat, Unflatten};
pub use convolve::{
    Convolve, ConvolveBack, ConvolveBackInGroups, ConvolveInGroups, KernelBackFor, KernelBackInGroupsFor, KernelFor,
    KernelInGroupsFor,
};
pub use count::{Count, Elements};
pub use flatten::{FlattenBetween, FlattenFrom, InFrontOf, SplitAt};
pub use insert::InsertAxis;
pub use kronecker::{Kronecker, KroneckerAxis};
pub use last::LastAxis;
pub use length::{ArrayLen, DividedBy, Divides, HasPart, Reaches, Within};
pub use matmul::{MatMul, MultipliedBy, RowsFor, RowsMatch};
pub use matrices::Matrices;
pub use permute::{Complete, MoveAxis, Permute, SwapIn};
pub use pixels::PixelShuffle;
pub use reduce::ReduceAxis;
pub use repeat::{BroadcastTo, Cat, PadAxis, Repeat, RepeatBy};
pub use reshape::{Holds, Reshape};
pub use same::{IsShape, IsSize, SameShape, SameSize};
pub use square::{Solves, Square};
pub use transpose::Transpose;
pub use windows::{
    AllOnes, CountsWindows, Covered, CoveredOver, Cut, HalfOf, Padded, PadsAtMost, Spans, StandsBehind, Windows,
    WindowsOver,
};

#[cfg(test)]
mod tests;
