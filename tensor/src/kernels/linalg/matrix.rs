//! Row-major matrices of double precision.

use crate::kernels::Real;
use crate::kernels::gemm::{Strided, gemm};

/// A matrix in double precision.
pub fn widened<T: Real>(a: &[T]) -> Vec<f64> {
    a.iter().map(|&a| a.to_f64()).collect()
}

/// Rounds `from` into `to`.
pub fn store<T: Real>(from: &[f64], to: &mut [T]) {
    assert_eq!(from.len(), to.len(), "a matrix and where it goes differ in size");
    for (to, &from) in to.iter_mut().zip(from) {
        *to = T::from_f64(from);
    }
}

/// The first `columns` columns of the `n` by `n` identity.
pub fn identity(n: usize, columns: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; n * columns];
    for i in 0..n.min(columns) {
        matrix[i * columns + i] = 1.0;
    }
    matrix
}

/// The transpose of an `m` by `n` matrix.
pub fn transposed(m: usize, n: usize, a: &[f64]) -> Vec<f64> {
    /// Rows and columns that fit into the first cache together.
    const TILE: usize = 32;
    let mut out = vec![0.0; m * n];
    for i0 in (0..m).step_by(TILE) {
        for j0 in (0..n).step_by(TILE) {
            for i in i0..m.min(i0 + TILE) {
                for j in j0..n.min(j0 + TILE) {
                    out[j * m + i] = a[i * n + j];
                }
            }
        }
    }
    out
}

/// A matrix without gaps.
pub fn dense(data: &[f64], columns: usize) -> Strided<'_, f64> {
    Strided {
        data,
        row: columns,
        col: 1,
    }
}

/// `A B` of an `m` by `k` and a `k` by `n` matrix.
pub fn product(m: usize, k: usize, n: usize, a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut c = vec![0.0; m * n];
    gemm(m, k, n, dense(a, k), dense(b, n), &mut c, n, false, None);
    c
}

/// Whether it holds neither an infinity nor NaN.
pub fn is_finite(a: &[f64]) -> bool {
    a.iter().all(|a| a.is_finite())
}

/// Scales a matrix whose squares would overflow or vanish by a power of two; what to multiply results by.
pub fn scaled_to_fit(a: &mut [f64]) -> f64 {
    let largest = a.iter().fold(0f64, |largest, a| largest.max(a.abs()));
    if largest == 0.0 || (1e-100..1e100).contains(&largest) {
        return 1.0;
    }
    // Powers of two within what both signs of an exponent have; in two steps, since their quotients are not.
    let exponent = (largest.log2().floor() as i32).max(-1000);
    let half = exponent / 2;
    let factors = [2f64.powi(-half), 2f64.powi(half - exponent)];
    for a in a {
        *a = *a * factors[0] * factors[1];
    }
    2f64.powi(exponent)
}

/// Two rows of a matrix, `i` before `j`.
pub fn two_rows(a: &mut [f64], columns: usize, i: usize, j: usize) -> (&mut [f64], &mut [f64]) {
    let (head, tail) = a.split_at_mut(j * columns);
    (&mut head[i * columns..(i + 1) * columns], &mut tail[..columns])
}
