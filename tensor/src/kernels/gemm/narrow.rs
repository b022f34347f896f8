//! Products of few columns, such as the scores of ten classes: computed as their transpose.
//!
//! A tile's registers lie along the columns, and few columns would leave them empty. So the rows of `A` take the place of the columns, a panel
//! at a time, and the finished tile is turned back.

use std::mem::MaybeUninit;

use super::Product;
use super::pack::pack;
use super::part::Shape;
use super::tile::{Tile, TileRow, tile_row};
use crate::kernels::Real;
use crate::kernels::scratch::with_space;
use crate::threads::{Shared, parallel};

/// `k` of a block: its panel stays in the first cache.
const DEPTH: usize = 128;
/// The most columns of a tile, which are rows here.
const TILE_COLUMNS: usize = 32;
/// The most columns of the product.
const COLUMNS: usize = 16;
/// Multiply-adds a task.
const TASK: usize = 1 << 17;

/// Whether the product is one of these.
pub(super) fn suits<T: Real>(product: &Product<'_, T>) -> bool {
    product.n <= COLUMNS && product.m >= 16 && product.k >= 8
}

pub(super) fn product<T: Real>(product: &Product<'_, T>) {
    let shape = Shape::new::<T>(product.n);
    let (m, k, n) = (product.m, product.k, product.n);
    let panel = shape.padded_rows * k;
    let space = n.div_ceil(shape.rows) * panel;
    with_space::<T, ()>(space, |start| {
        for (i, column) in (0..n).step_by(shape.rows).enumerate() {
            let count = shape.rows.min(n - column);
            // SAFETY: the columns lie inside the matrix, and the space has a panel for each run of them.
            unsafe {
                let to = start.as_ptr().add(i * panel);
                pack(product.b.panel_of_columns(column, count, 0, k, shape.padded_rows, to));
            }
        }
        // SAFETY: the space is that long and ours alone.
        let packed =
            Shared::new(unsafe { std::slice::from_raw_parts_mut(start.as_ptr().cast::<MaybeUninit<T>>(), space) });
        let tiles = m.div_ceil(shape.columns);
        let per_task = TASK / (shape.columns * k * n) + 1;
        parallel(tiles.div_ceil(per_task), &|task| {
            for tile in task * per_task..tiles.min((task + 1) * per_task) {
                let row = tile * shape.columns;
                let count = shape.columns.min(m - row);
                rows(product, shape, packed.pointer().cast(), row, count);
            }
        });
    });
}

/// The rows `row..row + count`, at most a tile's columns. `packed` holds the panels of `B`.
fn rows<T: Real>(product: &Product<'_, T>, shape: Shape, packed: *const T, row: usize, count: usize) {
    let (k, n) = (product.k, product.n);
    let mut panel = [const { MaybeUninit::<T>::uninit() }; DEPTH * TILE_COLUMNS];
    let mut turned = [const { MaybeUninit::<T>::uninit() }; COLUMNS * TILE_COLUMNS];
    let panel: *mut T = panel.as_mut_ptr().cast();
    let turned: *mut T = turned.as_mut_ptr().cast();
    for first in (0..k).step_by(DEPTH) {
        let depth = DEPTH.min(k - first);
        // SAFETY: the rows lie inside the matrix, the panel and the tile inside their arrays.
        unsafe {
            pack(product.a.panel_of_rows(row, count, first, depth, shape.columns, panel));
            for (i, column) in (0..n).step_by(shape.rows).enumerate() {
                tile_row(TileRow {
                    rows: shape.rows.min(n - column),
                    first: Tile {
                        k: depth,
                        a: packed.add((i * k + first) * shape.padded_rows),
                        a_row: 1,
                        a_step: shape.padded_rows,
                        b: panel,
                        b_step: shape.columns,
                        c: turned.add(column * shape.columns),
                        c_row: shape.columns,
                        last: 0,
                        accumulate: first > 0,
                    },
                    b_panel: 0,
                    columns: shape.columns,
                });
            }
        }
    }
    // SAFETY: the tile is written; these rows of the result are this task's.
    unsafe {
        for i in 0..count {
            let out = product.segment(row + i, 0, n);
            for (j, out) in out.iter_mut().enumerate() {
                let value = *turned.add(j * shape.columns + i);
                *out = if product.accumulate { *out + value } else { value };
            }
        }
        product.finish(row, count, 0, n);
    }
}
