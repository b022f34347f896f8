//! Products of some size: cut into parts whose panels are packed for the caches, computed by tiles.
//!
//! Loops, from outside in: parts of the columns (of `B`), of `k`, of the rows (of `A`). The tiles of a part are computed by all threads,
//! and every thread packs for itself the panels that its tasks need, when they first need them: panels that another thread has
//! packed would come out of its cache, which takes longer than packing them. So threads meet only in the result.

use super::Product;
use super::part::{Part, Shape, Task, equal_pieces};
use crate::kernels::Real;
use crate::kernels::scratch::{Held, PANELS, new_key, with_kept_space};

/// Bytes of `k` in a part: a panel of `B` of that depth stays in the first caches.
const DEPTH_BYTES: usize = 2048;
/// Up to so many bytes `k` is not cut: going through the result twice would cost more.
const WHOLE_DEPTH_BYTES: usize = 3328;
/// The most columns of a part.
const COLUMNS: usize = 2048;
/// The most rows of a part.
const ROWS: usize = 1024;

pub(super) fn product<T: Real>(product: &Product<'_, T>) {
    let rows = equal_pieces(product.m, ROWS.min(PANELS * Shape::most_rows()), 1);
    let shape = Shape::new::<T>(rows);
    let columns = equal_pieces(product.n, COLUMNS.min(PANELS * shape.columns), shape.columns);
    let depth = if product.k * size_of::<T>() <= WHOLE_DEPTH_BYTES {
        WHOLE_DEPTH_BYTES
    } else {
        DEPTH_BYTES
    };
    let k = equal_pieces(product.k, depth / size_of::<T>(), 8);
    let largest = Part {
        product,
        shape,
        row: 0,
        rows: rows.min(product.m),
        column: 0,
        columns: columns.min(product.n),
        first: 0,
        k: k.min(product.k),
    };
    debug_assert!(largest.a_panels() <= PANELS && largest.b_panels() <= PANELS);
    let (a_space, b_space) = (largest.a_space(), largest.b_space());
    for column in (0..product.n).step_by(columns) {
        for first in (0..product.k).step_by(k) {
            let b_key = new_key();
            for row in (0..product.m).step_by(rows) {
                let part = Part {
                    row,
                    rows: rows.min(product.m - row),
                    column,
                    columns: columns.min(product.n - column),
                    first,
                    k: k.min(product.k - first),
                    ..largest
                };
                let (tasks, keys) = (part.tasks(), [new_key(), b_key]);
                part.run(tasks.count, &|number| {
                    with_kept_space::<T>(keys, a_space + b_space, |space, held| {
                        // SAFETY: the space is that long and this thread's alone; nobody else has this task.
                        unsafe {
                            let a = space.as_ptr();
                            compute(part, part.task(tasks, number), a, a.add(a_space), held);
                        }
                    });
                });
            }
        }
    }
}

/// Packs what of the task's panels is not held yet, and multiplies them.
///
/// # Safety
/// `a` and `b` have room for the panels of the part, those in `held` are there, and nobody else uses them or the task's part of the
/// result.
unsafe fn compute<T: Real>(part: Part<'_, T>, task: Task, a: *mut T, b: *mut T, held: &mut [Held; 2]) {
    let [held_a, held_b] = held;
    for panel in part.b_panels_to_pack(&task) {
        if held_b.is_new(panel) {
            // SAFETY: the caller's promise.
            unsafe { part.pack_b(panel, b) };
        }
    }
    for panel in task.a_panels {
        if held_a.is_new(panel) {
            // SAFETY: the caller's promise.
            unsafe { part.pack_a(panel, a) };
        }
        // SAFETY: the panels are packed, now or by an earlier task; the rest is the caller's promise.
        unsafe { part.multiply(panel, task.column, task.columns, a, b) };
    }
}
