//! Systems with a triangular matrix.

use super::matrix::{dense, store, transposed, widened};
use super::vectors::{add_scaled, dot};
use crate::kernels::Real;
use crate::kernels::gemm::gemm;

/// Which system is solved; by default `A X = B` with `A` lower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// `A` is upper triangular; the other triangle is not read.
    pub upper: bool,
    /// `A` stands for its transpose.
    pub transposed: bool,
    /// The diagonal is 1 and is not read.
    pub unit: bool,
    /// `X A = B` in place of `A X = B`.
    pub right: bool,
}

/// Solves `A X = B` for the `n` by `k` matrix `B`, or `X A = B` for the `k` by `n` matrix `B`, in its place.
///
/// A zero on the diagonal gives infinities or NaN.
pub fn solve_triangular<T: Real>(n: usize, k: usize, a: &[T], b: &mut [T], system: System) {
    assert!(a.len() == n * n && b.len() == n * k, "matrices of other sizes");
    let (mut wide_a, mut wide_b) = (widened(a), widened(b));
    let mut upper = system.upper;
    // X A = B is A^T X^T = B^T.
    if system.transposed != system.right {
        wide_a = transposed(n, n, &wide_a);
        upper = !upper;
    }
    if system.right {
        wide_b = transposed(k, n, &wide_b);
    }
    substitute(n, k, &wide_a, n, &mut wide_b, upper, system.unit);
    if system.right {
        wide_b = transposed(n, k, &wide_b);
    }
    store(&wide_b, b);
}

/// Rows that are solved for at a time; what they owe to the others is one product.
const BLOCK: usize = 32;

/// `B = A^-1 B` with the `n` by `n` triangle in the corner of `a`, whose rows are `stride` apart.
pub(super) fn substitute(n: usize, k: usize, a: &[f64], stride: usize, b: &mut [f64], upper: bool, unit: bool) {
    if n == 0 || k == 0 {
        return;
    }
    let blocks = n.div_ceil(BLOCK);
    for number in 0..blocks {
        let number = if upper { blocks - 1 - number } else { number };
        let (first, end) = (number * BLOCK, n.min((number + 1) * BLOCK));
        let (here, solved, columns) = if upper {
            let (head, tail) = b.split_at_mut(end * k);
            (&mut head[first * k..], &*tail, end..n)
        } else {
            let (head, tail) = b.split_at_mut(first * k);
            (&mut tail[..(end - first) * k], &*head, 0..first)
        };
        if !columns.is_empty() {
            let mut block = Vec::with_capacity((end - first) * columns.len());
            for i in first..end {
                block.extend(a[i * stride..][columns.clone()].iter().map(|a| -a));
            }
            let (rows, inner) = (end - first, columns.len());
            gemm(
                rows,
                inner,
                k,
                dense(&block, inner),
                dense(solved, k),
                here,
                k,
                true,
                None,
            );
        }
        let corner = &a[first * stride + first..];
        if k == 1 {
            one_column(end - first, corner, stride, here, upper, unit);
        } else {
            rows(end - first, k, corner, stride, here, upper, unit);
        }
    }
}

fn rows(n: usize, k: usize, a: &[f64], stride: usize, b: &mut [f64], upper: bool, unit: bool) {
    for step in 0..n {
        let i = if upper { n - 1 - step } else { step };
        let (before, rest) = b.split_at_mut(i * k);
        let (row, after) = rest.split_at_mut(k);
        let (solved, first) = if upper { (&*after, i + 1) } else { (&*before, 0) };
        for (solved, &a) in solved.chunks_exact(k).zip(&a[i * stride + first..]) {
            add_scaled(-a, solved, row);
        }
        if !unit {
            let diagonal = a[i * stride + i];
            row.iter_mut().for_each(|x| *x /= diagonal);
        }
    }
}

fn one_column(n: usize, a: &[f64], stride: usize, b: &mut [f64], upper: bool, unit: bool) {
    for step in 0..n {
        let i = if upper { n - 1 - step } else { step };
        let columns = if upper { i + 1..n } else { 0..i };
        b[i] -= dot(&a[i * stride..][columns.clone()], &b[columns]);
        if !unit {
            b[i] /= a[i * stride + i];
        }
    }
}
