//! Large products: blocks packed for the caches, computed by tiles.
//!
//! Loops, from outside in: blocks of columns (of `B`), blocks of `k`, blocks of rows (of `A`); inside a block its panels are packed by
//! all threads, then tiles are computed by all threads.

use super::Product;
use super::pack::pack;
use super::scratch::with_space;
use super::tile::{Tile, TileRow, VECTORS, tile_row};
use crate::kernels::Real;
use crate::kernels::simd::{Level, level};
use crate::threads::{Shared, parallel};

/// Bytes of `k` in a block: a panel of `B` of that depth stays in the first cache.
const DEPTH_BYTES: usize = 2048;
/// Up to so many bytes `k` is not cut: going through the result twice would cost more.
const WHOLE_DEPTH_BYTES: usize = 3328;
/// Columns of a block.
const COLUMNS: usize = 2048;
/// Rows of a block.
const ROWS: usize = 1024;
/// Below so many multiply-adds one thread computes alone.
const ALONE: usize = 1 << 19;

/// `total` cut into equal pieces of at most `most`, each a multiple of `unit` but the last: the size of a piece.
fn equal_pieces(total: usize, most: usize, unit: usize) -> usize {
    total.div_ceil(total.div_ceil(most)).next_multiple_of(unit)
}

/// The shape of the tiles.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Rows of a tile: as equal as can be.
    pub rows: usize,
    /// Space for the rows of a panel of `A`.
    pub padded_rows: usize,
    /// Columns of a tile.
    pub columns: usize,
}

impl Shape {
    pub fn new<T: Real>(rows: usize) -> Self {
        let (most, padded_rows, register) = match level() {
            Level::Avx512 => (14, 16, 64),
            Level::Avx2 => (6, 8, 32),
            Level::Portable => (4, 4, 16),
        };
        Self {
            rows: equal_pieces(rows, most, 1),
            padded_rows,
            columns: VECTORS * register / size_of::<T>(),
        }
    }
}

/// A block of each of the three loops.
#[derive(Clone, Copy)]
struct Block {
    row: usize,
    rows: usize,
    column: usize,
    columns: usize,
    first: usize,
    k: usize,
}

pub(super) fn product<T: Real>(product: &Product<'_, T>) {
    let columns_of_tile = Shape::new::<T>(1).columns;
    let rows = equal_pieces(product.m, ROWS, 1);
    let columns = equal_pieces(product.n, COLUMNS, columns_of_tile);
    let depth = if product.k * size_of::<T>() <= WHOLE_DEPTH_BYTES {
        WHOLE_DEPTH_BYTES
    } else {
        DEPTH_BYTES
    };
    let k = equal_pieces(product.k, depth / size_of::<T>(), 8);
    let shape = Shape::new::<T>(rows);
    let a_space = rows.div_ceil(shape.rows) * shape.padded_rows * k;
    let b_space = columns.next_multiple_of(shape.columns) * k;
    with_space::<T, ()>(a_space + b_space, |space| {
        // SAFETY: the space is that long and ours alone.
        let space = unsafe {
            std::slice::from_raw_parts_mut(space.as_ptr().cast::<std::mem::MaybeUninit<T>>(), a_space + b_space)
        };
        let (a_space, b_space) = space.split_at_mut(a_space);
        let (a, b) = (Shared::new(a_space), Shared::new(b_space));
        for column in (0..product.n).step_by(columns) {
            for first in (0..product.k).step_by(k) {
                for row in (0..product.m).step_by(rows) {
                    let block = Block {
                        row,
                        rows: rows.min(product.m - row),
                        column,
                        columns: columns.min(product.n - column),
                        first,
                        k: k.min(product.k - first),
                    };
                    pack_block(product, shape, block, &a, &b);
                    compute_block(product, shape, block, &a, &b);
                }
            }
        }
    });
}

type Space<'a, T> = Shared<'a, std::mem::MaybeUninit<T>>;

/// Runs tasks on all threads, or on this one where the whole product is not worth it.
fn run(alone: bool, tasks: usize, body: &(dyn Fn(usize) + Sync)) {
    if alone {
        (0..tasks).for_each(body)
    } else {
        parallel(tasks, body)
    }
}

/// Whether `B` is read where it lies: too few rows use it to be worth packing. Its last panel is packed if it is not a whole one.
fn reads_in_place<T>(product: &Product<'_, T>, shape: Shape) -> bool {
    product.b.col == 1 && product.m <= 2 * shape.rows
}

fn is_small<T>(product: &Product<'_, T>) -> bool {
    product.m * product.n * product.k < ALONE
}

/// Packs the block's `A`, and its `B` if this is the first block of rows that uses it.
fn pack_block<T: Real>(product: &Product<'_, T>, shape: Shape, block: Block, a: &Space<'_, T>, b: &Space<'_, T>) {
    let a_panels = block.rows.div_ceil(shape.rows);
    let whole_panels = block.columns / shape.columns;
    let first_b_panel = if reads_in_place(product, shape) {
        whole_panels
    } else {
        0
    };
    let b_panels = if block.row == 0 {
        block.columns.div_ceil(shape.columns) - first_b_panel
    } else {
        0
    };
    let pack_panel = |panel: usize| {
        // SAFETY: panels lie inside the matrices; each is written to its own part of the space, which is long enough.
        unsafe {
            if panel < b_panels {
                let column = (first_b_panel + panel) * shape.columns;
                let to = b.pointer().add(column * block.k).cast();
                let count = shape.columns.min(block.columns - column);
                pack(
                    product
                        .b
                        .panel_of_columns(block.column + column, count, block.first, block.k, shape.columns, to),
                );
            } else {
                let panel = panel - b_panels;
                let row = panel * shape.rows;
                let to = a.pointer().add(panel * shape.padded_rows * block.k).cast();
                let count = shape.rows.min(block.rows - row);
                pack(
                    product
                        .a
                        .panel_of_rows(block.row + row, count, block.first, block.k, shape.padded_rows, to),
                );
            }
        }
    };
    // A task packs enough to be worth it.
    let panels = a_panels + b_panels;
    let per_task = (1 << 13) / (shape.columns * block.k) + 1;
    run(is_small(product), panels.div_ceil(per_task), &|task| {
        (task * per_task..panels.min((task + 1) * per_task)).for_each(pack_panel);
    });
}

fn compute_block<T: Real>(product: &Product<'_, T>, shape: Shape, block: Block, a: &Space<'_, T>, b: &Space<'_, T>) {
    let (a_panels, b_panels) = (block.rows.div_ceil(shape.rows), block.columns.div_ceil(shape.columns));
    // Tiles a task: worth entering a region, but enough tasks for all threads; as square as can be.
    let tile_work = shape.rows * shape.columns * block.k;
    let wanted = (block.rows * block.columns * block.k / 32).clamp(1 << 16, 1 << 22) / tile_work;
    let b_per_task = equal_pieces(b_panels, (wanted as f64).sqrt().ceil().max(1.0) as usize, 1);
    let a_per_task = equal_pieces(a_panels, (wanted / b_per_task).max(1), 1);
    let a_tasks = a_panels.div_ceil(a_per_task);
    let tasks = a_tasks * b_panels.div_ceil(b_per_task);
    let last = block.first + block.k == product.k;
    run(is_small(product), tasks, &|task| {
        let column = task / a_tasks * b_per_task * shape.columns;
        let columns = (b_per_task * shape.columns).min(block.columns - column);
        let first_panel = task % a_tasks * a_per_task;
        for panel in first_panel..a_panels.min(first_panel + a_per_task) {
            let row = panel * shape.rows;
            let rows = shape.rows.min(block.rows - row);
            // SAFETY: inside the packed space and the result; no other task has this part of the result.
            unsafe {
                let packed = TileRow {
                    rows,
                    first: Tile {
                        k: block.k,
                        a: a.pointer().add(panel * shape.padded_rows * block.k).cast_const().cast(),
                        a_row: 1,
                        a_step: shape.padded_rows,
                        b: b.pointer().add(column * block.k).cast_const().cast(),
                        b_step: shape.columns,
                        c: product
                            .c
                            .pointer()
                            .add((block.row + row) * product.c_row + block.column + column),
                        c_row: product.c_row,
                        last: 0,
                        accumulate: product.accumulate || block.first > 0,
                    },
                    b_panel: shape.columns * block.k,
                    columns,
                };
                if reads_in_place(product, shape) {
                    let whole = columns / shape.columns * shape.columns;
                    let b = product.b.at(block.first, block.column + column);
                    let first = Tile {
                        b,
                        b_step: product.b.row,
                        ..packed.first
                    };
                    tile_row(TileRow {
                        first,
                        b_panel: shape.columns,
                        columns: whole,
                        ..packed
                    });
                    if whole < columns {
                        let b = packed.first.b.add(whole * block.k);
                        let first = Tile {
                            b,
                            c: packed.first.c.add(whole),
                            ..packed.first
                        };
                        tile_row(TileRow {
                            first,
                            columns: columns - whole,
                            ..packed
                        });
                    }
                } else {
                    tile_row(packed);
                }
                if last {
                    product.finish(block.row + row, rows, block.column + column, columns);
                }
            }
        }
    });
}
