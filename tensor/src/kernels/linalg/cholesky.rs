//! `A = L L^T` of a symmetric positive definite matrix.

use super::Failure;
use super::matrix::{store, widened};
use super::vectors::dot;
use crate::kernels::Real;

/// Writes `L`, with zeros above its diagonal, of the `n` by `n` matrix whose lower triangle is that of `a`.
///
/// # Errors
/// [`Failure::NotPositiveDefinite`], also where NaN comes up, with `out` as it was.
pub fn cholesky<T: Real>(n: usize, a: &[T], out: &mut [T]) -> Result<(), Failure> {
    assert_eq!(a.len(), n * n, "a matrix of another size");
    let mut l = widened(a);
    for i in 0..n {
        let (done, rest) = l.split_at_mut(i * n);
        let row = &mut rest[..n];
        for (j, other) in done.chunks_exact(n).enumerate() {
            row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
        }
        let square = row[i] - dot(&row[..i], &row[..i]);
        if square <= 0.0 || square.is_nan() {
            return Err(Failure::NotPositiveDefinite { order: i + 1 });
        }
        row[i] = square.sqrt();
        row[i + 1..].fill(0.0);
    }
    store(&l, out);
    Ok(())
}
