//! Tensors without axes, which indexing along an axis takes for ones with a single axis.

use crate::error::Result;
use crate::ops::axes;
use crate::tape::Value;

/// A tensor without axes as one of size 1: what these operations take it for.
pub(super) fn lifted(x: &Value) -> Value {
    match x.layout.rank() {
        0 => x.reshape(&[1]),
        _ => x.clone(),
    }
}

/// An axis of `x`, which has one if it has none.
pub(super) fn resolved(operation: &'static str, axis: isize, x: &Value) -> Result<usize> {
    axes::axis(operation, axis, x.layout.rank())
}
