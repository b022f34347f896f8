//! The tile: a few rows by two registers of the result, kept in registers while `k` runs.

use super::Product;
use crate::kernels::Real;
use crate::kernels::simd::{Lanes, Tier, prefetch, tiered};
use crate::threads::parallel_pieces;

/// Registers a row of a tile.
pub(super) const VECTORS: usize = 2;
/// Rows of a tile whose `A` is not packed: every row has an address of its own.
const UNPACKED_ROWS: usize = 6;

/// How many steps of `k` before their use the lines of `B` are asked for.
const AHEAD: usize = 8;
/// The same for `A`, whose packed panels come from farther away.
const FAR_AHEAD: usize = 16;

/// What a tile multiplies, and where the result goes.
#[derive(Clone, Copy)]
pub(super) struct Tile<T> {
    pub k: usize,
    pub a: *const T,
    /// The step of `A` from a row to the next.
    pub a_row: usize,
    /// The step of `A` along `k`.
    pub a_step: usize,
    pub b: *const T,
    /// The step of `B` along `k`.
    pub b_step: usize,
    pub c: *mut T,
    pub c_row: usize,
    /// Columns that count in the last register.
    pub last: usize,
    pub accumulate: bool,
}

/// `R` rows by `V` registers. With `MASKED` only the first `last` elements of the last register of `B` are read.
///
/// # Safety
/// All that the sizes and steps name is inside live memory, `c` exclusively; the tier's instructions are enabled.
#[inline(always)]
unsafe fn compute<S: Tier, T: Real, const R: usize, const V: usize, const MASKED: bool>(tile: Tile<T>) {
    // SAFETY: the caller's promise.
    unsafe {
        let lanes = T::Vector::<S>::COUNT;
        let mut sums = [[T::Vector::<S>::zero(); V]; R];
        for i in 0..R {
            for v in 0..V {
                prefetch(tile.c.wrapping_add(i * tile.c_row + v * lanes));
            }
        }
        let (mut a, mut b) = (tile.a, tile.b);
        for _ in 0..tile.k {
            let mut b_row = [T::Vector::<S>::zero(); V];
            prefetch(a.wrapping_add(FAR_AHEAD * tile.a_step));
            for v in 0..V {
                prefetch(b.wrapping_add(AHEAD * tile.b_step + v * lanes));
                b_row[v] = if MASKED && v == V - 1 {
                    T::Vector::<S>::load_first(b.add(v * lanes), tile.last)
                } else {
                    T::Vector::<S>::load(b.add(v * lanes))
                };
            }
            for i in 0..R {
                let a = T::Vector::<S>::splat(*a.add(i * tile.a_row));
                for v in 0..V {
                    sums[i][v] = a.mul_add(b_row[v], sums[i][v]);
                }
            }
            a = a.wrapping_add(tile.a_step);
            b = b.wrapping_add(tile.b_step);
        }
        for i in 0..R {
            for v in 0..V {
                let c = tile.c.add(i * tile.c_row + v * lanes);
                if v == V - 1 && (MASKED || tile.last < lanes) {
                    let before = if tile.accumulate {
                        T::Vector::<S>::load_first(c, tile.last)
                    } else {
                        T::Vector::<S>::zero()
                    };
                    before.add(sums[i][v]).store_first(c, tile.last);
                } else if tile.accumulate {
                    T::Vector::<S>::load(c).add(sums[i][v]).store(c);
                } else {
                    sums[i][v].store(c);
                }
            }
        }
    }
}

/// A row of tiles: `rows` rows of packed `A` times `panels` panels of packed `B`.
#[derive(Clone, Copy)]
pub(super) struct TileRow<T> {
    pub rows: usize,
    /// The first tile; `a_row` is 1, and its `last` is not used.
    pub first: Tile<T>,
    /// From a panel of `B` to the next.
    pub b_panel: usize,
    /// Columns of the result.
    pub columns: usize,
}

tiered! {
    /// Computes a row of tiles.
    ///
    /// The caller promises that all that is named lies inside live memory, `c` exclusively, that `B` is padded to whole registers and
    /// `rows` is at most the tier's.
    pub(super) fn tile_row<S, T>(row: TileRow<T>) {
        // SAFETY: the caller's promise; the tier's instructions are enabled here.
        unsafe {
            match row.rows {
                1 => panels::<S, T, 1>(row),
                2 => panels::<S, T, 2>(row),
                3 => panels::<S, T, 3>(row),
                4 => panels::<S, T, 4>(row),
                5 if S::ROWS >= 5 => panels::<S, T, 5>(row),
                6 if S::ROWS >= 6 => panels::<S, T, 6>(row),
                7 if S::ROWS >= 7 => panels::<S, T, 7>(row),
                8 if S::ROWS >= 8 => panels::<S, T, 8>(row),
                9 if S::ROWS >= 9 => panels::<S, T, 9>(row),
                10 if S::ROWS >= 10 => panels::<S, T, 10>(row),
                11 if S::ROWS >= 11 => panels::<S, T, 11>(row),
                12 if S::ROWS >= 12 => panels::<S, T, 12>(row),
                13 if S::ROWS >= 13 => panels::<S, T, 13>(row),
                14 if S::ROWS >= 14 => panels::<S, T, 14>(row),
                _ => unreachable!("gemm/blocks.rs cuts panels of at most the tier's rows"),
            }
        }
    }
}

/// # Safety
/// As [`tile_row`].
#[inline(always)]
unsafe fn panels<S: Tier, T: Real, const R: usize>(row: TileRow<T>) {
    let lanes = T::Vector::<S>::COUNT;
    let mut tile = Tile { a_row: 1, ..row.first };
    let mut left = row.columns;
    // SAFETY: the caller's promise.
    unsafe {
        while left > lanes {
            tile.last = lanes.min(left - lanes);
            compute::<S, T, R, VECTORS, false>(tile);
            tile.b = tile.b.wrapping_add(row.b_panel);
            tile.c = tile.c.wrapping_add(VECTORS * lanes);
            left = left.saturating_sub(VECTORS * lanes);
        }
        if left > 0 {
            tile.last = left;
            compute::<S, T, R, 1, false>(tile);
        }
    }
}

/// A product where it lies: `B` has its columns side by side, `A` is anything.
pub(super) fn product<T: Real>(product: &Product<'_, T>) {
    let work = product.m * product.k * product.n;
    if work < 1 << 17 {
        return in_place(product, 0, product.n);
    }
    let per_task = ((1 << 16) / (product.m * product.k)).next_multiple_of(64);
    parallel_pieces(product.n, per_task, |first, count| in_place(product, first, count));
}

tiered! {
    /// Columns `first..first + count` of the result.
    fn in_place<S, T>(product: &Product<'_, T>, first: usize, count: usize) {
        let mut row = 0;
        while row < product.m {
            let rows = (product.m - row).min(UNPACKED_ROWS);
            // SAFETY: rows and columns lie inside the matrices, these columns are this task's; the tier's instructions are enabled.
            unsafe {
                match rows {
                    6 if S::ROWS >= 6 => across::<S, T, 6>(product, row, first, count),
                    5 if S::ROWS >= 5 => across::<S, T, 5>(product, row, first, count),
                    4 => across::<S, T, 4>(product, row, first, count),
                    3 => across::<S, T, 3>(product, row, first, count),
                    2 => across::<S, T, 2>(product, row, first, count),
                    1 => across::<S, T, 1>(product, row, first, count),
                    _ => {
                        // A tier with fewer registers.
                        across::<S, T, 3>(product, row, first, count);
                        if rows == 6 {
                            across::<S, T, 3>(product, row + 3, first, count);
                        } else {
                            across::<S, T, 2>(product, row + 3, first, count);
                        }
                    }
                }
                product.finish(row, rows, first, count);
            }
            row += rows;
        }
    }
}

/// # Safety
/// `R` rows from `row` on and the columns lie inside the result and are this task's; the tier's instructions are enabled.
#[inline(always)]
unsafe fn across<S: Tier, T: Real, const R: usize>(product: &Product<'_, T>, row: usize, first: usize, count: usize) {
    let lanes = T::Vector::<S>::COUNT;
    // SAFETY: the caller's promise.
    unsafe {
        let mut tile = Tile {
            k: product.k,
            a: product.a.at(row, 0),
            a_row: product.a.row,
            a_step: product.a.col,
            b: product.b.at(0, first),
            b_step: product.b.row,
            c: product.c.pointer().add(row * product.c_row + first),
            c_row: product.c_row,
            last: lanes,
            accumulate: product.accumulate,
        };
        let mut left = count;
        // Few rows need more registers a row to keep the multiply-add units busy.
        let wide = match R {
            1 => 8,
            2 | 3 => 4,
            _ => VECTORS,
        };
        while left >= wide * lanes && wide > VECTORS {
            if R == 1 {
                compute::<S, T, R, 8, false>(tile);
            } else {
                compute::<S, T, R, 4, false>(tile);
            }
            tile.b = tile.b.wrapping_add(wide * lanes);
            tile.c = tile.c.wrapping_add(wide * lanes);
            left -= wide * lanes;
        }
        while left > lanes {
            tile.last = lanes.min(left - lanes);
            compute::<S, T, R, VECTORS, true>(tile);
            tile.b = tile.b.wrapping_add(VECTORS * lanes);
            tile.c = tile.c.wrapping_add(VECTORS * lanes);
            left = left.saturating_sub(VECTORS * lanes);
        }
        if left > 0 {
            tile.last = left;
            compute::<S, T, R, 1, true>(tile);
        }
    }
}
