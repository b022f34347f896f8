//! Comparisons.

use tensor_ops::Compare;

use crate::kernels::Number;
use crate::kernels::strided::{Source, zip};

/// `out = a op b`, broadcast by strides of 0. NaN equals nothing and is neither less nor greater.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn compare<T: Number>(op: Compare, sizes: &[usize], a: Source<'_, T>, b: Source<'_, T>, out: &mut [bool]) {
    match op {
        Compare::Eq => zip(sizes, a, b, out, |a, b| a == b),
        Compare::Ne => zip(sizes, a, b, out, |a, b| a != b),
        Compare::Lt => zip(sizes, a, b, out, |a, b| a < b),
        Compare::Le => zip(sizes, a, b, out, |a, b| a <= b),
        Compare::Gt => zip(sizes, a, b, out, |a, b| a > b),
        Compare::Ge => zip(sizes, a, b, out, |a, b| a >= b),
    }
}
