//! Elementwise operations that only the tape knows: on any element type, from any strides into a row-major result.

mod compare;
mod in_place;
mod math;
mod pair;
mod whole;

pub use compare::compare;
pub use in_place::{real_in_place, whole_in_place};
pub use math::math;
pub use pair::{ByZero, pair, pair_truth, pair_whole};
pub use whole::{Whole, whole};
