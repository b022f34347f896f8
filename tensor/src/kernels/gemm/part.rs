//! A part of a product that is computed from packed panels: what packs them, and what multiplies them.

use super::Product;
use super::pack::pack;
use super::tile::{Tile, TileRow, VECTORS, tile_row};
use crate::kernels::Real;
use crate::kernels::simd::{Level, level};
use crate::threads::parallel;

/// Below so many multiply-adds one thread computes alone.
const ALONE: usize = 1 << 19;

/// `total` cut into equal pieces of at most `most`, each a multiple of `unit` but the last: the size of a piece.
pub(in crate::kernels) fn equal_pieces(total: usize, most: usize, unit: usize) -> usize {
    total.div_ceil(total.div_ceil(most)).next_multiple_of(unit)
}

/// The shape of the tiles.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Shape {
    /// Rows of a tile: as equal as can be.
    pub rows: usize,
    /// Space for the rows of a panel of `A`.
    pub padded_rows: usize,
    /// Columns of a tile.
    pub columns: usize,
}

impl Shape {
    /// For a part of `rows` rows.
    pub fn new<T: Real>(rows: usize) -> Self {
        let (padded_rows, register) = match level() {
            Level::Avx512 => (16, 64),
            Level::Avx2 => (8, 32),
            Level::Portable => (4, 16),
        };
        Self {
            rows: equal_pieces(rows, Self::most_rows(), 1),
            padded_rows,
            columns: VECTORS * register / size_of::<T>(),
        }
    }

    /// The most rows of a tile: the tier's.
    pub fn most_rows() -> usize {
        match level() {
            Level::Avx512 => 14,
            Level::Avx2 => 6,
            Level::Portable => 4,
        }
    }
}

/// Rows and columns of the result, and a piece of `k`.
#[derive(Clone, Copy)]
pub(super) struct Part<'a, T> {
    pub product: &'a Product<'a, T>,
    pub shape: Shape,
    pub row: usize,
    pub rows: usize,
    pub column: usize,
    pub columns: usize,
    pub first: usize,
    pub k: usize,
}

/// A part cut into tasks: neighbouring numbers share columns.
#[derive(Clone, Copy)]
pub(super) struct Tasks {
    a_panels: usize,
    a_per_task: usize,
    b_per_task: usize,
    a_tasks: usize,
    pub count: usize,
}

/// The panels of `A`, and the columns that are multiplied with them.
pub(super) struct Task {
    pub a_panels: std::ops::Range<usize>,
    pub column: usize,
    pub columns: usize,
}

impl<T: Real> Part<'_, T> {
    pub fn a_panels(&self) -> usize {
        self.rows.div_ceil(self.shape.rows)
    }

    pub fn b_panels(&self) -> usize {
        self.columns.div_ceil(self.shape.columns)
    }

    /// The panels of `B` that are read where they lie, the first ones: too few rows use them to be worth packing. A last panel that is
    /// not a whole one is packed.
    pub fn b_panels_in_place(&self) -> usize {
        if self.product.b.col == 1 && self.product.m <= 2 * self.shape.rows {
            self.columns / self.shape.columns
        } else {
            0
        }
    }

    /// Space for the packed panels of `A`.
    pub fn a_space(&self) -> usize {
        self.a_panels() * self.shape.padded_rows * self.k
    }

    /// Space for the packed panels of `B`.
    pub fn b_space(&self) -> usize {
        self.b_panels() * self.shape.columns * self.k
    }

    /// Runs tasks on all threads, or on this one where the whole product is not worth it.
    pub fn run(&self, tasks: usize, body: &(dyn Fn(usize) + Sync)) {
        if self.product.m * self.product.n * self.product.k < ALONE {
            (0..tasks).for_each(body)
        } else {
            parallel(tasks, body)
        }
    }

    /// Worth entering a region, but enough for all threads; as wide as can be: the packed columns stay in the second cache while the
    /// rows pass by, each panel of them staying in the first meanwhile.
    pub fn tasks(&self) -> Tasks {
        let tile_work = self.shape.rows * self.shape.columns * self.k;
        let wanted = (self.rows * self.columns * self.k / 32).clamp(1 << 16, 1 << 22) / tile_work;
        let (a_panels, b_panels) = (self.a_panels(), self.b_panels());
        let b_per_task = equal_pieces(b_panels, wanted.max(1), 1);
        let a_per_task = equal_pieces(a_panels, (wanted / b_per_task).max(1), 1);
        let a_tasks = a_panels.div_ceil(a_per_task);
        Tasks {
            a_panels,
            a_per_task,
            b_per_task,
            a_tasks,
            count: a_tasks * b_panels.div_ceil(b_per_task),
        }
    }

    /// Task `number` of `tasks`.
    pub fn task(&self, tasks: Tasks, number: usize) -> Task {
        let column = number / tasks.a_tasks * tasks.b_per_task * self.shape.columns;
        let first = number % tasks.a_tasks * tasks.a_per_task;
        Task {
            a_panels: first..tasks.a_panels.min(first + tasks.a_per_task),
            column,
            columns: (tasks.b_per_task * self.shape.columns).min(self.columns - column),
        }
    }

    /// The panels of `B` that the task needs packed.
    pub fn b_panels_to_pack(&self, task: &Task) -> std::ops::Range<usize> {
        let (start, end) = (task.column, task.column + task.columns);
        (start / self.shape.columns).max(self.b_panels_in_place())..end.div_ceil(self.shape.columns)
    }

    /// Packs panel `panel` of `A` to its place in `a`.
    ///
    /// # Safety
    /// The panel exists, and `a` has [`Part::a_space`], of which nobody else uses the panel's place.
    pub unsafe fn pack_a(&self, panel: usize, a: *mut T) {
        let row = panel * self.shape.rows;
        let count = self.shape.rows.min(self.rows - row);
        // SAFETY: the panel lies inside the matrix; its place is ours by the caller's promise.
        unsafe {
            let to = a.add(panel * self.shape.padded_rows * self.k);
            let a = &self.product.a;
            pack(a.panel_of_rows(self.row + row, count, self.first, self.k, self.shape.padded_rows, to));
        }
    }

    /// Packs panel `panel` of `B` to its place in `b`.
    ///
    /// # Safety
    /// As [`Part::pack_a`], with [`Part::b_space`].
    pub unsafe fn pack_b(&self, panel: usize, b: *mut T) {
        let column = panel * self.shape.columns;
        let count = self.shape.columns.min(self.columns - column);
        // SAFETY: the panel lies inside the matrix; its place is ours by the caller's promise.
        unsafe {
            let to = b.add(column * self.k);
            let b = &self.product.b;
            pack(b.panel_of_columns(self.column + column, count, self.first, self.k, self.shape.columns, to));
        }
    }

    /// Multiplies panel `panel` of `A` with `columns` columns from `column` on, and finishes the result if this was the last of `k`.
    ///
    /// # Safety
    /// The panels are packed, those of `B` that are not read where they lie too; nobody else uses this part of the result.
    pub unsafe fn multiply(&self, panel: usize, column: usize, columns: usize, a: *const T, b: *const T) {
        let Self { product, shape, k, .. } = *self;
        let row = panel * shape.rows;
        let rows = shape.rows.min(self.rows - row);
        // SAFETY: inside the packed space and the result; this part of the result is ours by the caller's promise.
        unsafe {
            let packed = TileRow {
                rows,
                first: Tile {
                    k,
                    a: a.add(panel * shape.padded_rows * k),
                    a_row: 1,
                    a_step: shape.padded_rows,
                    b: b.add(column * k),
                    b_step: shape.columns,
                    c: product
                        .c
                        .pointer()
                        .add((self.row + row) * product.c_row + self.column + column),
                    c_row: product.c_row,
                    last: 0,
                    accumulate: product.accumulate || self.first > 0,
                },
                b_panel: shape.columns * k,
                columns,
            };
            let in_place = columns.min((self.b_panels_in_place() * shape.columns).saturating_sub(column));
            if in_place > 0 {
                let first = Tile {
                    b: product.b.at(self.first, self.column + column),
                    b_step: product.b.row,
                    ..packed.first
                };
                tile_row(TileRow {
                    first,
                    b_panel: shape.columns,
                    columns: in_place,
                    ..packed
                });
            }
            if in_place < columns {
                let first = Tile {
                    b: packed.first.b.add(in_place * k),
                    c: packed.first.c.add(in_place),
                    ..packed.first
                };
                tile_row(TileRow {
                    first,
                    columns: columns - in_place,
                    ..packed
                });
            }
            if self.first + k == product.k {
                product.finish(self.row + row, rows, self.column + column, columns);
            }
        }
    }
}
