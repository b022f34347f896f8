//! Reductions in formulas, and what runs along an axis.

mod close;
mod difference;
pub(crate) mod extremes;
pub(crate) mod moments;
pub(crate) mod norm;
pub(crate) mod recurrence;
pub(crate) mod running;
pub(crate) mod sums;
