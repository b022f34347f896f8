//! The update rules of the optimizers, each one pass over flat memory.
//!
//! They are PyTorch's: factors are computed in double precision and rounded once.

mod adam;
mod sgd;

use super::Real;

pub use adam::{AdamRule, adam};
pub use sgd::{SgdRule, sgd};

/// A running mean whose gradient stays away halves and halves, and ends among the subnormal numbers, where rounding holds it and
/// every operation on it takes a hundred times as long. What is below `floor`, the smallest normal number, is 0: no parameter moves
/// by so little.
#[inline(always)]
fn settled<T: Real>(mean: T, floor: T) -> T {
    if mean.abs() < floor { T::ZERO } else { mean }
}

/// Elements a task.
const PIECE: usize = 1 << 14;

#[cfg(test)]
mod tests;
