//! Least squares: `X` of the least norm among those that make `|A X - B|` least.

use super::Failure;
use super::matrix::{product, store, transposed, widened};
use super::qr::factor;
use super::svd::{Factors, Vectors, decompose};
use super::triangular::substitute;
use crate::kernels::Real;

/// `X`, `n` by `k`, for an `m` by `n` matrix of full rank: LAPACK's `gels`.
///
/// # Errors
/// [`Failure::Singular`] if the rank is seen not to be full.
pub fn lstsq_full_rank<T: Real>(m: usize, n: usize, k: usize, a: &[T], b: &[T], x: &mut [T]) -> Result<(), Failure> {
    let (mut a, mut b) = (widened(a), widened(b));
    if m >= n {
        // A = Q R: R X = Q^T B.
        let reflectors = factor(m, n, &mut a);
        full_rank(n, &a, n)?;
        reflectors.apply_transposed(&mut b, k);
        substitute(n, k, &a, n, &mut b, true, false);
        store(&b[..n * k], x);
    } else {
        // A^T = Q R: X = Q R^-T B.
        let mut a = transposed(m, n, &a);
        let reflectors = factor(n, m, &mut a);
        full_rank(m, &a, m)?;
        substitute(m, k, &transposed(m, m, &a[..m * m]), m, &mut b, false, false);
        store(&product(n, m, k, &reflectors.product(n, m), &b), x);
    }
    Ok(())
}

fn full_rank(n: usize, r: &[f64], stride: usize) -> Result<(), Failure> {
    match (0..n).find(|&i| r[i * stride + i] == 0.0) {
        Some(i) => Err(Failure::Singular { at: i + 1 }),
        None => Ok(()),
    }
}

/// `X`, `n` by `k`, the rank, and the `min(m, n)` singular values: LAPACK's `gelsd` and `gelss`, and the answer of `gelsy`.
///
/// Singular values up to `tolerance` times the largest count as zero.
///
/// # Errors
/// Those of [`svd`](super::svd::svd).
#[allow(clippy::too_many_arguments)]
pub fn lstsq<T: Real>(
    m: usize,
    n: usize,
    k: usize,
    a: &[T],
    b: &[T],
    tolerance: f64,
    x: &mut [T],
    singular_values: &mut [T],
) -> Result<usize, Failure> {
    let rows = m.min(n);
    let Factors { u, s, vt } = decompose(m, n, widened(a), Vectors::Reduced)?;
    let least = tolerance.max(0.0) * s.first().copied().unwrap_or(0.0);
    let rank = s.iter().take_while(|&&s| s > least).count();
    let mut y = product(rows, m, k, &transposed(m, rows, &u), &widened(b));
    for i in 0..rows {
        let row = &mut y[i * k..(i + 1) * k];
        if i < rank {
            row.iter_mut().for_each(|y| *y /= s[i]);
        } else {
            row.fill(0.0);
        }
    }
    store(&product(n, rows, k, &transposed(rows, n, &vt), &y), x);
    store(&s, singular_values);
    Ok(rank)
}
