//! Reductions in formulas.

mod close;
mod difference;
pub(crate) mod extremes;
pub(crate) mod moments;
pub(crate) mod norm;
pub(crate) mod sums;
