//! The update rules of the optimizers, each one pass over flat memory.
//!
//! They are PyTorch's: factors are computed in double precision and rounded once.

mod adam;
mod sgd;

pub use adam::{AdamRule, adam};
pub use sgd::{SgdRule, sgd};

/// Elements a task.
const PIECE: usize = 1 << 14;

#[cfg(test)]
mod tests;
