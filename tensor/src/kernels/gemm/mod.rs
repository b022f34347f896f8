//! Matrix products.
//!
//! `m, k, n` are the sizes: `A` is `m` by `k`, `B` is `k` by `n`, `C` is `m` by `n`. Large products are cut into blocks that are packed
//! for the caches (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008) and computed by tiles that stay in registers;
//! small ones are computed where they lie. Blocks are cut by size alone and `k` is never split among threads, so the bits do not depend on them.
//! Where there is no tile of our own (no AVX2) the crate `matrixmultiply` computes the large ones.

#![allow(clippy::needless_range_loop)] // A tile's loops run over registers, several arrays at once.

mod blocks;
mod dots;
mod epilogue;
mod linear;
mod narrow;
mod pack;
mod part;
mod tile;
mod whole;

use super::Real;
use super::simd::{Level, level};
use crate::threads::Shared;

pub use epilogue::{Block, Epilogue};
pub use linear::linear;
pub(super) use pack::{Panel, pack};
pub(super) use part::{Shape, equal_pieces};
pub use whole::whole;

/// A matrix that is read: element `(i, j)` lies at `i * row + j * col`.
#[derive(Clone, Copy, Debug)]
pub struct Strided<'a, T> {
    /// What it lies in, from its first element on.
    pub data: &'a [T],
    /// The step from a row to the next.
    pub row: usize,
    /// The step from a column to the next.
    pub col: usize,
}

impl<'a, T> Strided<'a, T> {
    /// The transpose.
    pub fn transposed(self) -> Self {
        Self {
            data: self.data,
            row: self.col,
            col: self.row,
        }
    }

    /// Panics unless a matrix of these sizes lies inside the data.
    fn check(&self, rows: usize, columns: usize) {
        if rows > 0 && columns > 0 {
            let last = (rows - 1) as u128 * self.row as u128 + (columns - 1) as u128 * self.col as u128;
            assert!(
                last < self.data.len() as u128,
                "a {rows} by {columns} matrix reaches outside its data"
            );
        }
    }
}

/// `C (+)= A B`, then `finish`. `C` has columns side by side and rows `c_row` apart.
///
/// With `k` of 0 the product is zero.
///
/// # Panics
/// If a matrix reaches outside its data, or the rows of `C` overlap.
#[allow(clippy::too_many_arguments)]
pub fn gemm<T: Real>(
    m: usize,
    k: usize,
    n: usize,
    a: Strided<'_, T>,
    b: Strided<'_, T>,
    c: &mut [T],
    c_row: usize,
    accumulate: bool,
    finish: Option<&dyn Epilogue<T>>,
) {
    a.check(m, k);
    b.check(k, n);
    Strided {
        data: &*c,
        row: c_row,
        col: 1,
    }
    .check(m, n);
    assert!(m <= 1 || c_row >= n, "rows of the result overlap");
    if m == 0 || n == 0 {
        return;
    }
    let product = Product {
        m,
        k,
        n,
        a: Operand::new(a),
        b: Operand::new(b),
        c: Shared::new(c),
        c_row,
        accumulate,
        finish,
    };
    let work = m * k * n;
    if k == 0 {
        product.of_nothing();
    } else if a.col == 1 && b.row == 1 && (m <= 4 || work <= 1 << 11) {
        dots::product(&product);
    } else if b.col == 1 && (work <= 1 << 15 || m <= 4) {
        tile::product(&product);
    } else if level() == Level::Portable {
        product.by_matrixmultiply();
    } else if narrow::suits(&product) {
        narrow::product(&product);
    } else {
        blocks::product(&product);
    }
}

/// A matrix that tasks read.
#[derive(Clone, Copy)]
struct Operand<T> {
    data: *const T,
    row: usize,
    col: usize,
}

// SAFETY: it stands for a `&[T]` that outlives the product.
unsafe impl<T: Sync> Sync for Operand<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Send for Operand<T> {}

impl<T> Operand<T> {
    fn new(matrix: Strided<'_, T>) -> Self {
        Self {
            data: matrix.data.as_ptr(),
            row: matrix.row,
            col: matrix.col,
        }
    }

    /// Where element `(i, j)` lies.
    ///
    /// # Safety
    /// It lies inside the matrix.
    #[inline(always)]
    unsafe fn at(&self, i: usize, j: usize) -> *const T {
        // SAFETY: the caller's promise.
        unsafe { self.data.add(i * self.row + j * self.col) }
    }
}

/// One product, checked: all three matrices lie inside their data.
struct Product<'a, T> {
    m: usize,
    k: usize,
    n: usize,
    a: Operand<T>,
    b: Operand<T>,
    c: Shared<'a, T>,
    c_row: usize,
    accumulate: bool,
    finish: Option<&'a dyn Epilogue<T>>,
}

impl<T: Real> Product<'_, T> {
    /// Columns `column..column + count` of a row of the result.
    ///
    /// # Safety
    /// Inside the result, and nobody else uses them now.
    #[inline(always)]
    #[allow(clippy::mut_from_ref)] // The contract above is what makes it exclusive.
    unsafe fn segment(&self, row: usize, column: usize, count: usize) -> &mut [T] {
        // SAFETY: the caller's promise.
        unsafe { self.c.part(row * self.c_row + column, count) }
    }

    /// Calls the epilogue for a block of the result.
    ///
    /// # Safety
    /// As [`Product::segment`].
    #[inline(always)]
    unsafe fn finish(&self, row: usize, rows: usize, column: usize, count: usize) {
        if let Some(finish) = self.finish {
            // SAFETY: the caller's promise.
            let mut block = unsafe { Block::new(&self.c, self.c_row, [row, rows], [column, count]) };
            finish.finish(&mut block);
        }
    }

    fn of_nothing(&self) {
        for row in 0..self.m {
            if !self.accumulate {
                // SAFETY: one row after the other, on this thread.
                unsafe { self.segment(row, 0, self.n) }.fill(T::ZERO);
            }
        }
        // SAFETY: as above.
        unsafe { self.finish(0, self.m, 0, self.n) };
    }

    fn by_matrixmultiply(&self) {
        let beta = if self.accumulate { T::ONE } else { T::ZERO };
        let stride = |x: usize| x as isize;
        // SAFETY: all three matrices lie inside their data, and C, borrowed mutably, aliases neither of the others.
        unsafe {
            T::matrixmultiply(
                self.m,
                self.k,
                self.n,
                (self.a.data, stride(self.a.row), stride(self.a.col)),
                (self.b.data, stride(self.b.row), stride(self.b.col)),
                beta,
                (self.c.pointer(), stride(self.c_row), 1),
            );
            self.finish(0, self.m, 0, self.n);
        }
    }
}

#[cfg(test)]
mod tests;
