//! Products of whole numbers, which wrap around.

use super::Strided;
use crate::kernels::Number;

/// `c (+)= a b`, `c` row-major.
///
/// # Panics
/// If an operand is shorter than its sizes and strides say.
pub fn whole(m: usize, k: usize, n: usize, a: Strided<'_, i64>, b: Strided<'_, i64>, c: &mut [i64], accumulate: bool) {
    if !accumulate {
        c.fill(0);
    }
    for i in 0..m {
        for p in 0..k {
            let left = a.data[i * a.row + p * a.col];
            for j in 0..n {
                let sum = &mut c[i * n + j];
                *sum = sum.plus(left.times(b.data[p * b.row + j * b.col]));
            }
        }
    }
}
