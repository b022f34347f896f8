//! Several columns at once: neighbouring results of neighbouring elements.

use super::fold::{Fold, Sum};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::kernels::strided::Loops;
use crate::threads::{Shared, parallel_pieces};

/// Columns a tile.
pub(super) const WIDTH: usize = 64;
/// Rows joined one after the other before their result goes to the cascade.
const BLOCK: usize = 64;
/// Levels of the cascade: `BLOCK * 2^LEVELS` rows are more than memory holds.
const LEVELS: usize = 40;

tiered! {
    /// `out[c]` is the fold over all of `folded` of `data[start + offset + c]`.
    pub(super) fn fold_columns<S, T, F: Fold>(data: &[T], start: usize, folded: &Loops<2>, out: &mut [T]) {
        let width = out.len();
        let total = folded.element_count();
        let mut levels = Levels::<T>::new();
        let mut first = 0;
        while first < total {
            let count = BLOCK.min(total - first);
            let mut block = [F::identity::<T>(); WIDTH];
            if width == WIDTH {
                folded.elements(first, count, |[offset, _]| {
                    let at = start.wrapping_add_signed(offset);
                    for (lane, &x) in block.iter_mut().zip(&data[at..at + WIDTH]) {
                        *lane = F::join(*lane, x);
                    }
                });
            } else {
                folded.elements(first, count, |[offset, _]| {
                    let at = start.wrapping_add_signed(offset);
                    for (lane, &x) in block.iter_mut().zip(&data[at..at + width]) {
                        *lane = F::join(*lane, x);
                    }
                });
            }
            levels.push::<F>(block);
            first += count;
        }
        out.copy_from_slice(&levels.finish::<F>()[..width]);
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
    let per_task = ((1 << 15) / rows).next_multiple_of(WIDTH).max(WIDTH);
    parallel_pieces(columns, per_task, |first, count| {
        // SAFETY: pieces are disjoint.
        let out = unsafe { shared.part(first, count) };
        for (i, out) in out.chunks_mut(WIDTH).enumerate() {
            let mut sums = [T::ZERO; WIDTH];
            fold_columns::<T, Sum>(x, first + i * WIDTH, &folded, &mut sums[..out.len()]);
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
