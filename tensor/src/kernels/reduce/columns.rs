//! Several columns at once: neighbouring results of neighbouring elements.

use super::fold::{Fold, Sum};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::kernels::strided::{Loops, line};
use crate::threads::{Shared, parallel_pieces};

/// The most columns of a tile: a row of it is long enough for memory to be read fast.
pub(super) const WIDTH: usize = 256;
/// Columns whose results stay in registers.
const STRIP: usize = 64;
/// Tiles that there are at least, for as many threads, where a tile has more columns than a strip.
const TILES: usize = 16;
/// Rows joined one after the other before their result goes to the cascade.
const BLOCK: usize = 64;
/// Of these, rows that are read side by side.
const ROWS: usize = 8;
/// Levels of the cascade: `BLOCK * 2^LEVELS` rows are more than memory holds.
const LEVELS: usize = 36;

/// Columns of a tile, of so many in all.
pub(super) fn width_of(columns: usize) -> usize {
    (columns / TILES).next_multiple_of(STRIP).clamp(STRIP, WIDTH)
}

tiered! {
    /// `out[c]` is the fold over all of `folded` of `data[start + offset + c * step]`.
    pub(super) fn fold_columns<S, T, F: Fold>(data: &[T], start: usize, step: isize, folded: &Loops<2>, out: &mut [T]) {
        let total = folded.element_count();
        let mut levels = Levels::<T>::new();
        let mut first = 0;
        while first < total {
            let count = BLOCK.min(total - first);
            let mut rows = [0; BLOCK];
            let mut found = 0;
            folded.elements(first, count, |[offset, _]| {
                rows[found] = start.wrapping_add_signed(offset);
                found += 1;
            });
            let mut block = [F::identity::<T>(); WIDTH];
            fold_rows::<T, F>(data, &rows[..count], step, &mut block[..out.len()]);
            levels.push::<F>(block);
            first += count;
        }
        out.copy_from_slice(&levels.finish::<F>()[..out.len()]);
    }
}

/// Joins the rows that begin at `starts` to `lanes`, one after the other.
#[inline(always)]
fn fold_rows<T: Real, F: Fold>(data: &[T], starts: &[usize], step: isize, lanes: &mut [T]) {
    if step != 1 {
        let mut gathered = [T::ZERO; WIDTH];
        for &start in starts {
            let gathered = &mut gathered[..lanes.len()];
            line(data, start, step, gathered);
            join_rows::<T, F, _>([gathered], lanes);
        }
        return;
    }
    let mut groups = starts.chunks_exact(ROWS);
    for group in &mut groups {
        for (strip, lanes) in lanes.chunks_mut(STRIP).enumerate() {
            let row = |row: usize| &data[group[row] + strip * STRIP..];
            join_rows::<T, F, ROWS>(std::array::from_fn(row), lanes);
        }
    }
    for &start in groups.remainder() {
        join_rows::<T, F, _>([&data[start..]], lanes);
    }
}

/// `lanes[c] = lanes[c] + rows[0][c] + rows[1][c] ..`, one after the other.
#[inline(always)]
fn join_rows<T: Real, F: Fold, const N: usize>(rows: [&[T]; N], lanes: &mut [T]) {
    if let Ok(lanes) = <&mut [T; STRIP]>::try_from(&mut *lanes) {
        let rows = rows.map(|row| row.first_chunk::<STRIP>().expect("a row has all columns"));
        for (c, lane) in lanes.iter_mut().enumerate() {
            *lane = rows.iter().fold(*lane, |lane, row| F::join(lane, row[c]));
        }
    } else {
        let rows = rows.map(|row| &row[..lanes.len()]);
        for (c, lane) in lanes.iter_mut().enumerate() {
            *lane = rows.iter().fold(*lane, |lane, row| F::join(lane, row[c]));
        }
    }
}

/// [`super::fold::Cascade`] of tiles.
struct Levels<T> {
    /// Written before it is read: a level is filled when the counter sets its bit.
    tiles: [std::mem::MaybeUninit<[T; WIDTH]>; LEVELS],
    count: u64,
}

impl<T: Real> Levels<T> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            tiles: [const { std::mem::MaybeUninit::uninit() }; LEVELS],
            count: 0,
        }
    }

    #[inline(always)]
    fn push<F: Fold>(&mut self, mut tile: [T; WIDTH]) {
        let mut level = 0;
        while self.count >> level & 1 == 1 {
            // SAFETY: the bit says that this level has been written.
            let before = unsafe { self.tiles[level].assume_init_ref() };
            for (lane, &before) in tile.iter_mut().zip(before) {
                *lane = F::join(before, *lane);
            }
            level += 1;
        }
        self.tiles[level].write(tile);
        self.count += 1;
    }

    #[inline(always)]
    fn finish<F: Fold>(self) -> [T; WIDTH] {
        let mut result: Option<[T; WIDTH]> = None;
        for (level, tile) in self.tiles.iter().enumerate() {
            if self.count >> level & 1 == 1 {
                // SAFETY: as above.
                let tile = unsafe { tile.assume_init_ref() };
                result = Some(match result {
                    None => *tile,
                    Some(later) => std::array::from_fn(|i| F::join(tile[i], later[i])),
                });
            }
        }
        result.unwrap_or([F::identity(); WIDTH])
    }
}

/// `out[c] (+)= sum over r of x[r, c]`: the gradient of a bias.
///
/// # Panics
/// If `x` is not `rows * columns` long, or `out` not `columns`.
pub fn sum_rows<T: Real>(rows: usize, columns: usize, x: &[T], out: &mut [T], accumulate: bool) {
    assert_eq!((x.len(), out.len()), (rows * columns, columns));
    if rows <= BLOCK && rows * columns <= 1 << 12 {
        return few_rows(columns, x, out, accumulate);
    }
    let folded = Loops::joined(0, 1, &|_| (rows, [columns as isize, 0])).expect("one axis is not too many");
    let shared = Shared::new(out);
    let width = width_of(columns);
    let per_task = ((1 << 15) / rows).next_multiple_of(width).max(width);
    parallel_pieces(columns, per_task, |first, count| {
        // SAFETY: pieces are disjoint.
        let out = unsafe { shared.part(first, count) };
        for (i, out) in out.chunks_mut(width).enumerate() {
            let mut sums = [T::ZERO; WIDTH];
            fold_columns::<T, Sum>(x, first + i * width, 1, &folded, &mut sums[..out.len()]);
            for (out, sum) in out.iter_mut().zip(sums) {
                *out = if accumulate { *out + sum } else { sum };
            }
        }
    });
}

tiered! {
    /// So few that one after the other is as exact.
    fn few_rows<S, T>(columns: usize, x: &[T], out: &mut [T], accumulate: bool) {
        if !accumulate {
            out.fill(T::ZERO);
        }
        for row in x.chunks_exact(columns.max(1)) {
            for (out, &x) in out.iter_mut().zip(row) {
                *out += x;
            }
        }
    }
}
