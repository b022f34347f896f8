//! Zeros around a tensor.

use crate::layout::Axes;
use crate::ops::view::{Look, unlook};
use crate::tape::Value;

/// So many zeros before and behind an axis.
pub(crate) fn zeros_around(x: &Value, axis: usize, before: usize, behind: usize) -> Value {
    if before + behind == 0 {
        return x.clone();
    }
    let len = x.sizes()[axis];
    let mut sizes: Axes<usize> = x.sizes().into();
    sizes[axis] += before + behind;
    let inside = Look::Slice {
        axis,
        start: before,
        len,
        step: 1,
    };
    unlook(x, inside, &sizes)
}
