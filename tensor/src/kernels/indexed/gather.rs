//! Elements from the places that an index names along one axis.

use super::{BadIndex, inside, is_row, place};
use crate::kernels::strided::{Loops, Source, row_major_step};
use crate::threads::{Shared, parallel_pieces};

/// Elements a task.
const PIECE: usize = 1 << 14;

/// `out[i, j, k] = x[i, index[i, j, k], k]` for `axis` 1, and likewise for others. `sizes` are those of `index` and `out`;
/// `size` is that of `x` along `axis`.
///
/// # Panics
/// If a view reaches outside its data.
pub fn gather<T: Copy + Send + Sync>(
    axis: usize,
    size: usize,
    sizes: &[usize],
    x: Source<'_, T>,
    index: Source<'_, i64>,
    out: &mut [T],
) -> Result<(), BadIndex> {
    index.check(sizes);
    inside(sizes, index, size)?;
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    let walk = Walk {
        axis,
        size,
        sizes,
        x,
        index,
    };
    let inner = sizes[axis + 1..].iter().product();
    if inner > 1 && is_row(&sizes[axis + 1..], &x.strides[axis + 1..], &index.strides[axis + 1..]) {
        walk.rows(inner, out);
    } else {
        walk.elements(out);
    }
    Ok(())
}

/// The operands of a gather.
struct Walk<'a, T> {
    axis: usize,
    size: usize,
    sizes: &'a [usize],
    x: Source<'a, T>,
    index: Source<'a, i64>,
}

impl<T: Copy + Send + Sync> Walk<'_, T> {
    /// The steps of `x` without those along the axis, where the index decides, of the index, and of the result.
    fn steps(&self, at: usize, out: isize) -> (usize, [isize; 3]) {
        let own = if at == self.axis { 0 } else { self.x.strides[at] };
        (self.sizes[at], [own, self.index.strides[at], out])
    }

    /// Where in the data of `x` what an element of the index names is.
    fn from(&self, [x, index, _]: [isize; 3]) -> usize {
        let number = self.index.data[self.index.offset.wrapping_add_signed(index)];
        let along = place(number, self.size).map_or(0, |along| along as isize);
        self.x.offset.wrapping_add_signed(x + along * self.x.strides[self.axis])
    }

    /// Where the index is the same along all axes behind, whose elements lie side by side: they are copied together.
    fn rows(&self, inner: usize, out: &mut [T]) {
        let outer = &self.sizes[..=self.axis];
        let out = Shared::new(out);
        let axes = |at: usize| self.steps(at, row_major_step(outer, at));
        Loops::over(outer.len(), &axes, &mut |base: [isize; 3], loops| {
            parallel_pieces(loops.element_count(), (PIECE / inner).max(1), |first, count| {
                loops.elements(first, count, |offsets| {
                    let at = [0, 1, 2].map(|operand| base[operand] + offsets[operand]);
                    // SAFETY: every row of the result is written once, and tasks have their own.
                    let to = unsafe { out.part(at[2] as usize * inner, inner) };
                    let from = self.from(at);
                    to.copy_from_slice(&self.x.data[from..from + inner]);
                });
            });
        });
    }

    fn elements(&self, out: &mut [T]) {
        let out = Shared::new(out);
        let axes = |at: usize| self.steps(at, row_major_step(self.sizes, at));
        Loops::over(self.sizes.len(), &axes, &mut |base: [isize; 3], loops| {
            let (length, steps) = (loops.row_length(), loops.row_steps());
            // One long row is cut as well.
            let pieces = length.div_ceil(PIECE);
            let count = loops.row_count() * pieces;
            parallel_pieces(count, (PIECE / length.max(1)).max(1), |first, count| {
                for piece in first..first + count {
                    let (row, start) = (piece / pieces, piece % pieces * PIECE);
                    loops.rows(row, 1, |offsets| {
                        let mut at = [0, 1, 2].map(|k| base[k] + offsets[k] + start as isize * steps[k]);
                        for _ in start..length.min(start + PIECE) {
                            // SAFETY: every element of the result is written once, and tasks have their own.
                            unsafe { out.part(at[2] as usize, 1)[0] = self.x.data[self.from(at)] };
                            at = [0, 1, 2].map(|k| at[k] + steps[k]);
                        }
                    });
                }
            });
        });
    }
}
