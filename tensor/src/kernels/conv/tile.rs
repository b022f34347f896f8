//! The tile: a few rows of a product by a few registers, kept in registers while the depth runs. `B` is not packed: row `p` of it begins at an
//! offset of its own in a copy of the images, and its columns lie side by side.

#![allow(clippy::needless_range_loop)] // A tile's loops run over registers, several arrays at once.

use crate::kernels::Real;
use crate::kernels::simd::{Lanes, Tier, tiered};

/// Numbers behind a copy that are read, and not used.
pub(super) const SLACK: usize = 32;

/// A multiple of the numbers of every register.
pub(super) const WHOLE: usize = 16;

/// A row of tiles: `rows` rows of packed `A` by neighbouring columns of `B`.
#[derive(Clone, Copy)]
pub(super) struct TileRow<T> {
    /// The depth.
    pub k: usize,
    pub rows: usize,
    /// The rows of `A` side by side, for each of `k`.
    pub a: *const T,
    /// From one of `k` to the next.
    pub a_step: usize,
    pub b: *const T,
    /// Where each of the `k` rows of `B` begins behind `b`.
    pub offsets: *const usize,
    pub c: *mut T,
    pub c_row: usize,
    pub columns: usize,
}

tiered! {
    /// `C = A B`.
    ///
    /// The caller promises that all that is named lies inside live memory, `c` exclusively, that there are [`SLACK`] numbers behind each row
    /// of `B`, and that `rows` is at most the tier's.
    pub(super) fn tile_row<S, T>(row: TileRow<T>) {
        // SAFETY: the caller's promise; the tier's instructions are enabled here.
        unsafe {
            match row.rows {
                // Few rows need more registers a row to keep the multiply-add units busy.
                1 => across::<S, T, 1, 8>(row),
                2 => across::<S, T, 2, 4>(row),
                3 => across::<S, T, 3, 4>(row),
                4 if S::ROWS > 6 => across::<S, T, 4, 4>(row),
                4 => across::<S, T, 4, 2>(row),
                5 if S::ROWS > 6 => across::<S, T, 5, 4>(row),
                5 if S::ROWS >= 5 => across::<S, T, 5, 2>(row),
                6 if S::ROWS > 6 => across::<S, T, 6, 4>(row),
                6 if S::ROWS >= 6 => across::<S, T, 6, 2>(row),
                7 if S::ROWS >= 7 => across::<S, T, 7, 2>(row),
                8 if S::ROWS >= 8 => across::<S, T, 8, 2>(row),
                9 if S::ROWS >= 9 => across::<S, T, 9, 2>(row),
                10 if S::ROWS >= 10 => across::<S, T, 10, 2>(row),
                11 if S::ROWS >= 11 => across::<S, T, 11, 2>(row),
                12 if S::ROWS >= 12 => across::<S, T, 12, 2>(row),
                13 if S::ROWS >= 13 => across::<S, T, 13, 2>(row),
                14 if S::ROWS >= 14 => across::<S, T, 14, 2>(row),
                _ => unreachable!("conv/sweep.rs cuts panels of at most the tier's rows"),
            }
        }
    }
}

/// # Safety
/// As [`tile_row`].
#[inline(always)]
unsafe fn across<S: Tier, T: Real, const R: usize, const V: usize>(row: TileRow<T>) {
    let lanes = T::Vector::<S>::COUNT;
    let mut column = 0;
    // SAFETY: the caller's promise; columns stay below their number but for the slack.
    unsafe {
        while row.columns - column >= V * lanes {
            compute::<S, T, R, V>(row, column, lanes);
            column += V * lanes;
        }
        while row.columns - column > lanes {
            let last = lanes.min(row.columns - column - lanes);
            compute::<S, T, R, 2>(row, column, last);
            column += lanes + last;
        }
        if row.columns > column {
            compute::<S, T, R, 1>(row, column, row.columns - column);
        }
    }
}

/// `R` rows by `V` registers, of the last of which `last` columns are written.
///
/// # Safety
/// As [`tile_row`].
#[inline(always)]
unsafe fn compute<S: Tier, T: Real, const R: usize, const V: usize>(row: TileRow<T>, column: usize, last: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let lanes = T::Vector::<S>::COUNT;
        let mut sums = [[T::Vector::<S>::zero(); V]; R];
        let (mut a, from) = (row.a, row.b.add(column));
        for p in 0..row.k {
            let from = from.add(*row.offsets.add(p));
            let b: [T::Vector<S>; V] = std::array::from_fn(|v| T::Vector::<S>::load(from.add(v * lanes)));
            for i in 0..R {
                let a = T::Vector::<S>::splat(*a.add(i));
                for v in 0..V {
                    sums[i][v] = a.mul_add(b[v], sums[i][v]);
                }
            }
            a = a.wrapping_add(row.a_step);
        }
        for i in 0..R {
            let c = row.c.add(i * row.c_row + column);
            for v in 0..V {
                if v == V - 1 && last < lanes {
                    sums[i][v].store_first(c.add(v * lanes), last);
                } else {
                    sums[i][v].store(c.add(v * lanes));
                }
            }
        }
    }
}

/// The lengths of what rows of dot products go along: `count` runs of `length` numbers, a multiple of [`WHOLE`].
#[derive(Clone, Copy)]
pub(super) struct Runs {
    pub count: usize,
    pub length: usize,
    /// From a run of `A` to the next.
    pub a_step: usize,
    /// From a run of `B` to the next.
    pub b_step: usize,
}

/// Dot products of rows of `A` with runs of `B` that begin at offsets: `c[i * c_row + j] (+)= sum of a[i * a_row + p] b[offsets[j] + p]`.
#[derive(Clone, Copy)]
pub(super) struct Dots<T> {
    pub runs: Runs,
    pub rows: usize,
    pub a: *const T,
    pub a_row: usize,
    pub columns: usize,
    pub b: *const T,
    pub offsets: *const usize,
    pub c: *mut T,
    pub c_row: usize,
    pub accumulate: bool,
}

tiered! {
    /// Computes them.
    ///
    /// The caller promises that all that is named lies inside live memory, `c` exclusively.
    pub(super) fn dots<S, T>(dots: Dots<T>) {
        // SAFETY: the caller's promise; the tier's instructions are enabled here.
        unsafe {
            match (dots.rows, S::ROWS > 6) {
                (1, _) => rows_of::<S, T, 1, 9>(dots),
                (2, true) => rows_of::<S, T, 2, 9>(dots),
                (_, true) => rows_of::<S, T, 4, 6>(dots),
                (_, false) => rows_of::<S, T, 3, 4>(dots),
            }
        }
    }
}

/// # Safety
/// As [`dots`].
#[inline(always)]
unsafe fn rows_of<S: Tier, T: Real, const I: usize, const J: usize>(dots: Dots<T>) {
    for column in (0..dots.columns).step_by(J) {
        for row in (0..dots.rows).step_by(I) {
            // SAFETY: the caller's promise.
            unsafe { block::<S, T, I, J>(dots, row, column) };
        }
    }
}

/// `I` by `J` dot products; rows and columns that are missing repeat the last.
///
/// # Safety
/// As [`dots`].
#[inline(always)]
unsafe fn block<S: Tier, T: Real, const I: usize, const J: usize>(dots: Dots<T>, row: usize, column: usize) {
    // SAFETY: the caller's promise; rows, columns and `p` stay below their numbers.
    unsafe {
        let runs = dots.runs;
        let a: [*const T; I] = std::array::from_fn(|i| dots.a.add((row + i).min(dots.rows - 1) * dots.a_row));
        let b: [*const T; J] =
            std::array::from_fn(|j| dots.b.add(*dots.offsets.add((column + j).min(dots.columns - 1))));
        let mut sums = [[T::Vector::<S>::zero(); J]; I];
        for number in 0..runs.count {
            let a = a.map(|a| a.wrapping_add(number * runs.a_step));
            let b = b.map(|b| b.wrapping_add(number * runs.b_step));
            let of_run = along::<S, T, I, J>(a, b, runs.length);
            for i in 0..I {
                for j in 0..J {
                    sums[i][j] = sums[i][j].add(of_run[i][j]);
                }
            }
        }
        for (i, sums) in sums.iter().enumerate().take(dots.rows - row) {
            for (j, sum) in sums.iter().enumerate().take(dots.columns - column) {
                let c = dots.c.add((row + i) * dots.c_row + column + j);
                let sum = sum.sum();
                *c = if dots.accumulate { *c + sum } else { sum };
            }
        }
    }
}

/// One run. Apart, so that its sums stay in registers.
///
/// # Safety
/// There are `length` numbers, a multiple of a register's, behind each pointer; the tier's instructions are enabled.
#[inline(always)]
unsafe fn along<S: Tier, T: Real, const I: usize, const J: usize>(
    a: [*const T; I],
    b: [*const T; J],
    length: usize,
) -> [[T::Vector<S>; J]; I] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [[T::Vector::<S>::zero(); J]; I];
        let mut p = 0;
        while p < length {
            let left: [T::Vector<S>; I] = std::array::from_fn(|i| T::Vector::<S>::load(a[i].add(p)));
            for j in 0..J {
                let right = T::Vector::<S>::load(b[j].add(p));
                for i in 0..I {
                    sums[i][j] = left[i].mul_add(right, sums[i][j]);
                }
            }
            p += T::Vector::<S>::COUNT;
        }
        sums
    }
}
