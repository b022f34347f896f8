//! Large products: parts packed for the caches, computed by tiles.
//!
//! Loops, from outside in: parts of the columns (of `B`), of `k`, of the rows (of `A`); inside a part its panels are packed by
//! all threads, then tiles are computed by all threads.

use std::mem::MaybeUninit;

use super::Product;
use super::part::{Part, Shape, equal_pieces};
use super::scratch::with_space;
use crate::kernels::Real;
use crate::threads::Shared;

/// Bytes of `k` in a part: a panel of `B` of that depth stays in the first caches.
const DEPTH_BYTES: usize = 2048;
/// Up to so many bytes `k` is not cut: going through the result twice would cost more.
const WHOLE_DEPTH_BYTES: usize = 3328;
/// Columns of a part.
const COLUMNS: usize = 2048;
/// Rows of a part.
const ROWS: usize = 1024;

/// The whole product, if it needs not be cut: `k` is short enough, and so are the sides.
pub(super) fn whole<'a, T: Real>(product: &'a Product<'a, T>) -> Option<Part<'a, T>> {
    let fits = product.m <= ROWS && product.n <= COLUMNS && product.k * size_of::<T>() <= WHOLE_DEPTH_BYTES;
    fits.then(|| Part {
        product,
        shape: Shape::new::<T>(product.m),
        row: 0,
        rows: product.m,
        column: 0,
        columns: product.n,
        first: 0,
        k: product.k,
    })
}

pub(super) fn product<T: Real>(product: &Product<'_, T>) {
    let rows = equal_pieces(product.m, ROWS, 1);
    let shape = Shape::new::<T>(rows);
    let columns = equal_pieces(product.n, COLUMNS, shape.columns);
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
    let (a_space, b_space) = (largest.a_space(), largest.b_space());
    with_space::<T, ()>(a_space + b_space, |space| {
        // SAFETY: the space is that long and ours alone.
        let space =
            unsafe { std::slice::from_raw_parts_mut(space.as_ptr().cast::<MaybeUninit<T>>(), a_space + b_space) };
        let (a_space, b_space) = space.split_at_mut(a_space);
        let (a, b) = (Shared::new(a_space), Shared::new(b_space));
        for column in (0..product.n).step_by(columns) {
            for first in (0..product.k).step_by(k) {
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
                    pack_part(part, &a, &b);
                    multiply_part(part, &a, &b);
                }
            }
        }
    });
}

type Space<'a, T> = Shared<'a, MaybeUninit<T>>;

/// Packs the part's `A`, and its `B` if these are the first rows that use it.
fn pack_part<T: Real>(part: Part<'_, T>, a: &Space<'_, T>, b: &Space<'_, T>) {
    let first_b_panel = part.b_panels_in_place();
    let b_panels = if part.row == 0 {
        part.b_panels() - first_b_panel
    } else {
        0
    };
    let panels = part.a_panels() + b_panels;
    // Panels of both matrices take turns, so that whoever packs some columns is likely to multiply them.
    let pack_panel = |number: usize| {
        let b_before = number * b_panels / panels;
        // SAFETY: the space is long enough, and a panel is packed once.
        unsafe {
            if (number + 1) * b_panels / panels > b_before {
                part.pack_b(first_b_panel + b_before, b.pointer().cast());
            } else {
                part.pack_a(number - b_before, a.pointer().cast());
            }
        }
    };
    // A task packs enough to be worth it.
    let per_task = (1 << 13) / (part.shape.columns * part.k) + 1;
    part.run(panels.div_ceil(per_task), &|task| {
        (task * per_task..panels.min((task + 1) * per_task)).for_each(pack_panel);
    });
}

fn multiply_part<T: Real>(part: Part<'_, T>, a: &Space<'_, T>, b: &Space<'_, T>) {
    let tasks = part.tasks();
    part.run(tasks.count, &|number| {
        let task = part.task(tasks, number);
        for panel in task.a_panels {
            let (a, b) = (a.pointer().cast(), b.pointer().cast());
            // SAFETY: everything is packed; no other task has this part of the result.
            unsafe { part.multiply(panel, task.column, task.columns, a, b) };
        }
    });
}
