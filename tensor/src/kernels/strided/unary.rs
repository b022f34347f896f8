//! Elementwise operations on a view.

use tensor_ops::Unary;

use super::Source;
use super::each::rows;
use crate::kernels::Real;
use crate::kernels::chain::apply_between;

/// `out = ops(x)`, broadcast by strides of 0: the operations one after the other on every element, in one pass. A dropout among them
/// is the identity.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn unary<T: Real>(ops: &[Unary], sizes: &[usize], x: Source<'_, T>, out: &mut [T]) {
    rows(sizes, x, out, |x, out| {
        if x.step == 0 {
            apply_between(ops, None, 0, &[x.data[0]], &mut out[..1]);
            out.fill(out[0]);
        } else {
            apply_between(ops, None, 0, x.data, out);
        }
    });
}
