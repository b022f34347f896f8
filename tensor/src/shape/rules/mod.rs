//! What an operation makes of its operands' shapes: one rule a file.
//!
//! A rule is a trait over shapes with the shape of the result as `Output`. Where it compares sizes it ends in a trait that is
//! asked of a typenum bit and implemented for 1 alone, so that a mismatch has a message of ours, with both sizes in it.
//! Put these bounds on methods, not on impl blocks: rustc hides the message of the latter.

mod axes;
mod batched;
mod broadcast;
mod comparable;
mod concat;
mod contract;
mod convolve;
mod count;
mod diagonal;
mod flatten;
mod insert;
mod kronecker;
mod last;
mod layers;
mod length;
mod matmul;
mod matrices;
mod more;
mod pairs;
mod permute;
mod pixels;
mod ranks;
mod reduce;
mod repeat;
mod reshape;
mod resize;
mod same;
mod spectra;
mod square;
mod statistics;
mod transpose;
mod windows;

pub use axes::{
    Axes, CoversAxes, EitherMask, JoinBit, JoinMask, Kept, KeptAxes, Listed, NamesAxes, NamesAxis, ReduceAxes,
    WithoutMask,
};
pub use batched::Batched;
pub use broadcast::{Broadcast, BroadcastDim, BroadcastWith, StretchesTo};
pub use comparable::Comparable;
pub use concat::{Concat, Unflatten};
pub use contract::{Contracts, ContractsAxes, DistantFrom, Inner, LastAxes, Prefixed, TensorInverse};
pub use convolve::{
    Convolve, ConvolveBack, ConvolveBackInGroups, ConvolveInGroups, KernelBackFor, KernelBackInGroupsFor, KernelFor,
    KernelInGroupsFor,
};
pub use count::{Count, Elements, Total};
pub use diagonal::{BlockDiagonal, Diagonal, Embeds};
pub use flatten::{FlattenBetween, FlattenFrom, InFrontOf, SplitAt};
pub use insert::InsertAxis;
pub use kronecker::{Kronecker, KroneckerAxis};
pub use last::LastAxis;
pub use layers::{Attended, EndsIn, LooksUp, Scores, WeightsOf, WeightsOfPairs};
pub use length::{ArrayLen, DividedBy, Divides, HasPart, Reaches, Within};
pub use matmul::{MatMul, MultipliedBy, RowsFor, RowsMatch};
pub use matrices::Matrices;
pub use more::AtLeast;
pub use pairs::{CatSideways, Columns, ColumnsBeside, FormPairs, SearchedIn, Sideways};
pub use permute::{Complete, MoveAxis, Permute, SwapIn};
pub use pixels::PixelShuffle;
pub use reduce::ReduceAxis;
pub use repeat::{Bordered, BroadcastTo, Cat, PadAxis, Repeat, RepeatBy};
pub use reshape::{Holds, Reshape};
pub use resize::{Enlarged, Grids, Patches, PatchesOf, PixelUnshuffle, PlacesIn, Resized};
pub use same::{IsShape, IsSize, SameShape, SameSize};
pub use spectra::{Frames, FramesOf, Spectrum};
pub use square::{FitsRowsOf, Solves, SolvesRight, Square};
pub use statistics::{InPairs, Variables};
pub use transpose::Transpose;
pub use windows::{
    AllOnes, CountsWindows, Covered, CoveredOver, Cut, HalfOf, Padded, PadsAtMost, Spans, StandsBehind, Windows,
    WindowsOver,
};

#[cfg(test)]
mod tests;
