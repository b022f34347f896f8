//! Copies between views, and filling.

use super::{Loops, Source, Target};
use crate::threads::{Shared, parallel_pieces};

/// Elements a task.
const PIECE: usize = 1 << 15;
/// The side of a tile of a transposing copy: its rows and columns both stay in the cache.
const TILE: usize = 16;

/// `out = x`, view to view.
///
/// # Panics
/// If a view reaches outside its data.
pub fn copy<T: Copy + Send + Sync>(sizes: &[usize], x: Source<'_, T>, out: Target<'_, T>) {
    x.check(sizes);
    out.check(sizes);
    walk(sizes.len(), x, out.data, out.offset, &|axis| {
        (sizes[axis], [x.strides[axis], out.strides[axis]])
    });
}

/// Both views lie inside their data: the callers have checked.
fn walk<T: Copy + Send + Sync>(
    rank: usize,
    x: Source<'_, T>,
    out: &mut [T],
    out_offset: usize,
    axes: &dyn Fn(usize) -> (usize, [isize; 2]),
) {
    let (x_data, x_offset) = (Reading(x.data.as_ptr()), x.offset as isize);
    let out = Shared::new(out);
    Loops::over(rank, axes, &mut |base: [isize; 2], loops| {
        let base = [base[0] + x_offset, base[1] + out_offset as isize];
        if let Some((plane, [outer, inner])) = loops.last_two()
            && outer[0] == 1
            && inner[0] != 1
            && inner[1] == 1
        {
            return loops.planes(|plane_base| {
                let bases = [base[0] + plane_base[0], base[1] + plane_base[1]];
                parallel_pieces(
                    plane[0],
                    (PIECE / plane[1]).next_multiple_of(TILE).max(TILE),
                    |first, count| {
                        // SAFETY: inside the views, which the callers have checked; rows of the plane are disjoint.
                        unsafe {
                            transpose(
                                [count, plane[1]],
                                x_data.get().offset(bases[0] + first as isize),
                                inner[0],
                                out.pointer().offset(bases[1] + first as isize * outer[1]),
                                outer[1],
                            );
                        }
                    },
                );
            });
        }
        let (length, steps) = (loops.row_length(), loops.row_steps());
        if loops.row_count() == 1 && steps == [1, 1] {
            return parallel_pieces(length, PIECE, |first, count| {
                let first = first as isize;
                // SAFETY: inside the views, which the callers have checked; pieces are disjoint.
                unsafe {
                    let (x, out) = (
                        x_data.get().offset(base[0] + first),
                        out.pointer().offset(base[1] + first),
                    );
                    x.copy_to_nonoverlapping(out, count);
                }
            });
        }
        parallel_pieces(loops.row_count(), (PIECE / length).max(1), |first, count| {
            loops.rows(first, count, |offsets| {
                // SAFETY: as above, rows are disjoint.
                unsafe {
                    let (mut x, mut out) = (
                        x_data.get().offset(base[0] + offsets[0]),
                        out.pointer().offset(base[1] + offsets[1]),
                    );
                    if steps == [1, 1] {
                        return x.copy_to_nonoverlapping(out, length);
                    }
                    for _ in 0..length {
                        *out = *x;
                        x = x.wrapping_offset(steps[0]);
                        out = out.wrapping_offset(steps[1]);
                    }
                }
            });
        });
    });
}

/// `out[i][j] = x[j][i]` for rows `i`, tile by tile.
///
/// # Safety
/// `x` reads at `i + j * x_step` and `out` writes at `i * out_step + j`, all inside live memory.
unsafe fn transpose<T: Copy>([rows, columns]: [usize; 2], x: *const T, x_step: isize, out: *mut T, out_step: isize) {
    for i in (0..rows).step_by(TILE) {
        for j in (0..columns).step_by(TILE) {
            for i in i..rows.min(i + TILE) {
                for j in j..columns.min(j + TILE) {
                    // SAFETY: the caller's promise.
                    unsafe {
                        *out.offset(i as isize * out_step + j as isize) = *x.offset(i as isize + j as isize * x_step);
                    }
                }
            }
        }
    }
}

/// A pointer that tasks read through.
struct Reading<T>(*const T);

impl<T> Reading<T> {
    fn get(&self) -> *const T {
        self.0
    }
}

// SAFETY: it stands for a `&[T]` of the caller's, which outlives the tasks.
unsafe impl<T: Sync> Sync for Reading<T> {}

/// Every element of the view becomes `value`.
///
/// # Panics
/// If the view reaches outside its data.
pub fn fill<T: Copy>(sizes: &[usize], value: T, out: Target<'_, T>) {
    out.check(sizes);
    let start = out.data.as_mut_ptr();
    Loops::over(
        sizes.len(),
        &|axis| (sizes[axis], [out.strides[axis]]),
        &mut |base, loops| {
            let (length, [step]) = (loops.row_length(), loops.row_steps());
            loops.rows(0, loops.row_count(), |[offset]| {
                for i in 0..length as isize {
                    // SAFETY: inside the data by the check.
                    unsafe { *start.offset(out.offset as isize + base[0] + offset + i * step) = value };
                }
            });
        },
    );
}
