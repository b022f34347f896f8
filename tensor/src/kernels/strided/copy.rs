//! Copies between views, and filling.

use super::gather::{gather, stream_across};
use super::room::{Room, result_rows};
use super::tiles::{self, Writing};
use super::{Loops, Source, Target};
use crate::kernels::simd::stream;
use crate::layout::Axes;
use crate::threads::{Shared, parallel_pieces};

/// Elements a task.
const PIECE: usize = 1 << 15;

/// `out = x`, view to view.
///
/// # Panics
/// If a view reaches outside its data.
pub fn copy<T: Copy + Send + Sync>(sizes: &[usize], x: Source<'_, T>, out: Target<'_, T>) {
    x.check(sizes);
    out.check(sizes);
    // Whatever the order of the axes, the same is copied: the shortest steps of what is written come last.
    let mut order: Axes<usize> = (0..sizes.len()).filter(|&axis| sizes[axis] != 1).collect();
    order.sort_by_key(|&axis| std::cmp::Reverse(out.strides[axis].unsigned_abs()));
    let axes = |place: usize| {
        let axis = order[place];
        (sizes[axis], [x.strides[axis], out.strides[axis]])
    };
    let is_dense = order.last().is_none_or(|&axis| out.strides[axis] == 1);
    if is_dense {
        by_tiles(order.len(), x, out, sizes.iter().product::<usize>(), &axes);
    } else {
        by_rows(order.len(), x, out, &axes);
    }
}

/// Rows of what is written are dense. Both views lie inside their data, here and below: the caller has checked.
fn by_tiles<T: Copy + Send + Sync>(
    rank: usize,
    x: Source<'_, T>,
    out: Target<'_, T>,
    count: usize,
    axes: &dyn Fn(usize) -> (usize, [isize; 2]),
) {
    // Whole rows go as the system copies memory.
    let is_along = rank == 0 || axes(rank - 1).1[0] == 1;
    let writing = match is_along {
        true => Writing::IN_CACHE,
        false => Writing::of_copies::<T>(count),
    };
    let shared = Shared::new(out.data);
    tiles::over(rank, axes, [x.offset, out.offset], writing, &|unit| {
        let mut room = Room::new();
        unit.tiles(|tile| {
            let ([from, to], [steps, [to_step, _]]) = (tile.starts, tile.steps);
            let sizes = [tile.rows, tile.columns];
            // SAFETY: both lie inside their data; tiles are disjoint, here and below.
            let is_done = unsafe {
                let (from, to) = (x.data.as_ptr().offset(from), shared.pointer().offset(to));
                if writing.streams {
                    stream_across(sizes, from, steps, to, to_step)
                } else {
                    gather(sizes, from, steps, to, to_step);
                    true
                }
            };
            if is_done {
                return;
            }
            // SAFETY: as above.
            let rows = unsafe { room.read(&tile, 0, x.data) };
            for (row, first, length) in result_rows(&tile, rows.is_whole()) {
                // SAFETY: as above.
                let out = unsafe { shared.part(first, length) };
                match rows.row(row, length) {
                    run if run.step == 0 => out.fill(run.data[0]),
                    run => stream::stream(run.data, out),
                }
            }
        });
    });
}

/// Neighbours go apart.
fn by_rows<T: Copy + Send + Sync>(
    rank: usize,
    x: Source<'_, T>,
    out: Target<'_, T>,
    axes: &dyn Fn(usize) -> (usize, [isize; 2]),
) {
    let (x_data, x_offset) = (Reading(x.data.as_ptr()), x.offset as isize);
    let (out, out_offset) = (Shared::new(out.data), out.offset as isize);
    Loops::over(rank, axes, &mut |base: [isize; 2], loops| {
        let base = [base[0] + x_offset, base[1] + out_offset];
        let (length, steps) = (loops.row_length(), loops.row_steps());
        parallel_pieces(loops.row_count(), (PIECE / length).max(1), |first, count| {
            loops.rows(first, count, |offsets| {
                // SAFETY: inside the views; rows are disjoint.
                unsafe {
                    let mut x = x_data.get().offset(base[0] + offsets[0]);
                    let mut out = out.pointer().offset(base[1] + offsets[1]);
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
