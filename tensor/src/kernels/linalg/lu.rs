//! `A = P L U`, and what follows from it: solutions, the inverse, the determinant.

use super::Failure;
use super::matrix::{dense, identity, store, two_rows, widened};
use super::triangular::substitute;
use super::vectors::add_scaled;
use crate::kernels::Real;
use crate::kernels::gemm::gemm;

/// Columns that are factored at a time.
const BLOCK: usize = 32;

/// Puts `L` (below the diagonal, which is 1) and `U` in the place of the `m` by `n` matrix `a`, as LAPACK's `getrf`: row `i` was
/// exchanged with row `pivots[i]`, counted from 1.
///
/// # Errors
/// [`Failure::Singular`] if the diagonal of `U` has a zero; the factors are there and valid all the same.
pub fn lu_factor<T: Real>(m: usize, n: usize, a: &mut [T], pivots: &mut [i32]) -> Result<(), Failure> {
    let mut wide = widened(a);
    let singular = factor(m, n, &mut wide, pivots);
    store(&wide, a);
    check(singular)
}

/// The order of the rows: row `i` of `L U` is row `permutation[i]` of `A`.
pub fn permutation(m: usize, pivots: &[i32]) -> Vec<usize> {
    let mut rows = (0..m).collect::<Vec<_>>();
    for (i, &pivot) in pivots.iter().enumerate() {
        rows.swap(i, pivot as usize - 1);
    }
    rows
}

/// `X` of `A X = B` in the place of the `n` by `k` matrix `b`.
///
/// # Errors
/// [`Failure::Singular`], with `b` as it was.
pub fn solve<T: Real>(n: usize, k: usize, a: &[T], b: &mut [T]) -> Result<(), Failure> {
    let (mut factors, mut pivots) = (widened(a), vec![0; n]);
    check(factor(n, n, &mut factors, &mut pivots))?;
    let mut wide = widened(b);
    solve_factored(n, k, &factors, &pivots, &mut wide);
    store(&wide, b);
    Ok(())
}

/// `A^-1` of an `n` by `n` matrix.
///
/// # Errors
/// [`Failure::Singular`], with `out` as it was.
pub fn inverse<T: Real>(n: usize, a: &[T], out: &mut [T]) -> Result<(), Failure> {
    let (mut factors, mut pivots) = (widened(a), vec![0; n]);
    check(factor(n, n, &mut factors, &mut pivots))?;
    let mut wide = identity(n, n);
    solve_factored(n, n, &factors, &pivots, &mut wide);
    store(&wide, out);
    Ok(())
}

/// The determinant of an `n` by `n` matrix; 1 for `n` of 0.
pub fn det<T: Real>(n: usize, a: &[T]) -> T {
    let (diagonal, odd) = diagonal(n, a);
    let sign = if odd { -1.0 } else { 1.0 };
    T::from_f64(diagonal.iter().fold(sign, |product, u| product * u))
}

/// The sign of the determinant (-1, 0 or 1) and the logarithm of its magnitude; `(0, -infinity)` where it is 0.
pub fn slogdet<T: Real>(n: usize, a: &[T]) -> (T, T) {
    let (diagonal, odd) = diagonal(n, a);
    let (mut sign, mut log) = (if odd { -1.0 } else { 1.0 }, 0.0);
    for u in diagonal {
        sign *= if u == 0.0 || u.is_nan() { u } else { u.signum() };
        log += u.abs().ln();
    }
    // Not -0.
    (T::from_f64(if sign == 0.0 { 0.0 } else { sign }), T::from_f64(log))
}

/// The diagonal of `U`, and whether rows were exchanged an odd number of times.
fn diagonal<T: Real>(n: usize, a: &[T]) -> (Vec<f64>, bool) {
    let (mut factors, mut pivots) = (widened(a), vec![0; n]);
    factor(n, n, &mut factors, &mut pivots);
    let exchanges = pivots.iter().enumerate().filter(|&(i, &pivot)| pivot as usize != i + 1);
    let odd = exchanges.count() % 2 == 1;
    ((0..n).map(|i| factors[i * n + i]).collect(), odd)
}

fn check(singular: Option<usize>) -> Result<(), Failure> {
    singular.map_or(Ok(()), |at| Err(Failure::Singular { at }))
}

fn exchange(a: &mut [f64], columns: usize, i: usize, j: usize) {
    if i != j {
        let (x, y) = two_rows(a, columns, i.min(j), i.max(j));
        x.swap_with_slice(y);
    }
}

pub(super) fn solve_factored(n: usize, k: usize, factors: &[f64], pivots: &[i32], b: &mut [f64]) {
    for (i, &pivot) in pivots.iter().enumerate() {
        exchange(b, k, i, pivot as usize - 1);
    }
    substitute(n, k, factors, n, b, false, true);
    substitute(n, k, factors, n, b, true, false);
}

/// Factors in place; the number, from 1, of the first zero on the diagonal of `U`.
pub(super) fn factor(m: usize, n: usize, a: &mut [f64], pivots: &mut [i32]) -> Option<usize> {
    let k = m.min(n);
    assert!(a.len() == m * n && pivots.len() == k, "matrices of other sizes");
    let mut singular = None;
    for first in (0..k).step_by(BLOCK) {
        let end = k.min(first + BLOCK);
        for j in first..end {
            let pivot = largest_below(m, n, a, j);
            pivots[j] = pivot as i32 + 1;
            exchange(a, n, j, pivot);
            let diagonal = a[j * n + j];
            if diagonal == 0.0 {
                singular = singular.or(Some(j + 1));
                continue;
            }
            let (head, below) = a.split_at_mut((j + 1) * n);
            let row = &head[j * n + j + 1..j * n + end];
            for other in below.chunks_exact_mut(n) {
                other[j] /= diagonal;
                add_scaled(-other[j], row, &mut other[j + 1..end]);
            }
        }
        if end < n {
            trailing(m, n, a, first, end);
        }
    }
    singular
}

/// The row with the largest element of column `j`, from row `j` on; the first of equal ones.
fn largest_below(m: usize, n: usize, a: &[f64], j: usize) -> usize {
    let mut best = j;
    for i in j + 1..m {
        if a[i * n + j].abs() > a[best * n + j].abs() {
            best = i;
        }
    }
    best
}

/// `U12 = L11^-1 A12`, then `A22 -= L21 U12`, after columns `first..end`.
fn trailing(m: usize, n: usize, a: &mut [f64], first: usize, end: usize) {
    let (block, columns) = (end - first, n - end);
    let mut u = Vec::with_capacity(block * columns);
    for i in first..end {
        u.extend_from_slice(&a[i * n + end..(i + 1) * n]);
    }
    substitute(block, columns, &a[first * n + first..], n, &mut u, false, true);
    for (i, row) in (first..end).zip(u.chunks_exact(columns)) {
        a[i * n + end..(i + 1) * n].copy_from_slice(row);
    }
    if end < m {
        let mut l = Vec::with_capacity((m - end) * block);
        for i in end..m {
            l.extend(a[i * n + first..i * n + end].iter().map(|a| -a));
        }
        let rest = &mut a[end * n + end..];
        gemm(
            m - end,
            block,
            columns,
            dense(&l, block),
            dense(&u, columns),
            rest,
            n,
            true,
            None,
        );
    }
}
