//! Products of few rows with a transposed matrix, where it lies: every element is a dot product along `k`.
//!
//! `weight[n, k]` is read once, which is all that such a product costs.

use std::mem::MaybeUninit;

use super::Product;
use crate::kernels::Real;
use crate::kernels::simd::{Lanes, Tier, tiered};
use crate::threads::parallel_pieces;

/// Columns at once.
const COLUMNS: usize = 4;
/// `k` so short that adding up the lanes of a dot product would cost more than its products.
const SHORT: usize = 32;
/// Multiply-adds a task.
const TASK: usize = 1 << 16;

/// `A` has `k` side by side in its rows, `B` in its columns.
pub(super) fn product<T: Real>(product: &Product<'_, T>) {
    if product.m * product.k * product.n < 2 * TASK {
        return columns(product, 0, product.n);
    }
    let per_task = (TASK / (product.m * product.k)).next_multiple_of(16);
    parallel_pieces(product.n, per_task, |first, count| columns(product, first, count));
}

tiered! {
    /// Columns `first..first + count` of the result.
    fn columns<S, T>(product: &Product<'_, T>, first: usize, count: usize) {
        let mut row = 0;
        while row < product.m {
            let rows = (product.m - row).min(4);
            match rows {
                4 => rows_of::<S, T, 4>(product, row, first, count),
                3 => rows_of::<S, T, 3>(product, row, first, count),
                2 => rows_of::<S, T, 2>(product, row, first, count),
                _ => rows_of::<S, T, 1>(product, row, first, count),
            }
            row += rows;
        }
        // SAFETY: these columns are this task's.
        unsafe { product.finish(0, product.m, first, count) };
    }
}

#[inline(always)]
fn rows_of<S: Tier, T: Real, const R: usize>(product: &Product<'_, T>, row: usize, first: usize, count: usize) {
    let mut column = first;
    let end = first + count;
    // SAFETY: rows and columns lie inside the matrices; the tier's instructions are enabled.
    unsafe {
        if product.k <= SHORT && count > COLUMNS {
            let lanes = T::Vector::<S>::COUNT;
            while column < end {
                put_turned::<S, T, R>(product, row, column, lanes.min(end - column));
                column += lanes;
            }
            return;
        }
        while column + COLUMNS <= end {
            put::<S, T, R, COLUMNS>(product, row, column);
            column += COLUMNS;
        }
        while column < end {
            put::<S, T, R, 1>(product, row, column);
            column += 1;
        }
    }
}

/// `R` rows of at most a register of columns, the columns of `B` turned into registers piece by piece.
///
/// # Safety
/// As [`put`].
#[inline(always)]
unsafe fn put_turned<S: Tier, T: Real, const R: usize>(
    product: &Product<'_, T>,
    row: usize,
    column: usize,
    count: usize,
) {
    let (lanes, piece) = (T::Vector::<S>::COUNT, T::Vector::<S>::PIECE);
    let mut space = [const { MaybeUninit::<T>::uninit() }; 64];
    let space: *mut T = space.as_mut_ptr().cast();
    // SAFETY: the caller's promise; `p` stays below `k`; a piece is at most 4 registers of 16 numbers.
    unsafe {
        let a: [*const T; R] = std::array::from_fn(|i| product.a.at(row + i, 0));
        // Columns that are missing repeat the last; their sums are not written.
        let b: [*const T; 16] = std::array::from_fn(|j| product.b.at(0, column + j.min(count - 1)));
        let mut sums = [T::Vector::<S>::zero(); R];
        let mut p = 0;
        while p < product.k {
            let depth = piece.min(product.k - p);
            if depth == piece {
                T::Vector::<S>::transpose(&b, p, space, lanes);
            } else {
                for d in 0..depth {
                    for j in 0..lanes {
                        *space.add(d * lanes + j) = *b[j].add(p + d);
                    }
                }
            }
            for d in 0..depth {
                let b = T::Vector::<S>::load(space.add(d * lanes));
                for i in 0..R {
                    sums[i] = T::Vector::<S>::splat(*a[i].add(p + d)).mul_add(b, sums[i]);
                }
            }
            p += depth;
        }
        for i in 0..R {
            let c = product.segment(row + i, column, count).as_mut_ptr();
            let before = if product.accumulate {
                T::Vector::<S>::load_first(c, count)
            } else {
                T::Vector::<S>::zero()
            };
            before.add(sums[i]).store_first(c, count);
        }
    }
}

/// `R` by `J` elements.
///
/// # Safety
/// They lie inside the result and are this task's; the tier's instructions are enabled.
#[inline(always)]
unsafe fn put<S: Tier, T: Real, const R: usize, const J: usize>(product: &Product<'_, T>, row: usize, column: usize) {
    // SAFETY: the caller's promise; `p` stays below `k`.
    unsafe {
        let a: [*const T; R] = std::array::from_fn(|i| product.a.at(row + i, 0));
        let b: [*const T; J] = std::array::from_fn(|j| product.b.at(0, column + j));
        let mut sums = [[T::Vector::<S>::zero(); J]; R];
        let lanes = T::Vector::<S>::COUNT;
        let mut p = 0;
        while p + lanes <= product.k {
            let b = b.map(|b| T::Vector::<S>::load(b.add(p)));
            for i in 0..R {
                let a = T::Vector::<S>::load(a[i].add(p));
                for j in 0..J {
                    sums[i][j] = a.mul_add(b[j], sums[i][j]);
                }
            }
            p += lanes;
        }
        let rest = product.k - p;
        if rest > 0 {
            let b = b.map(|b| T::Vector::<S>::load_first(b.add(p), rest));
            for i in 0..R {
                let a = T::Vector::<S>::load_first(a[i].add(p), rest);
                for j in 0..J {
                    sums[i][j] = a.mul_add(b[j], sums[i][j]);
                }
            }
        }
        for i in 0..R {
            let c = product.segment(row + i, column, J);
            for j in 0..J {
                let sum = sums[i][j].sum();
                c[j] = if product.accumulate { c[j] + sum } else { sum };
            }
        }
    }
}
