//! What follows a product, block by block, while its elements are hot.

use std::marker::PhantomData;

use crate::threads::Shared;

/// What is done with the finished elements of a product.
pub trait Epilogue<T>: Sync {
    /// Called with blocks that together hold every element once.
    fn finish(&self, block: &mut Block<'_, T>);
}

/// A block of a product's result.
#[derive(Debug)]
pub struct Block<'a, T> {
    row: usize,
    rows: usize,
    column: usize,
    columns: usize,
    start: *mut T,
    step: usize,
    life: PhantomData<&'a mut T>,
}

impl<'a, T> Block<'a, T> {
    /// `rows` and `columns` of a result whose rows are `step` apart.
    ///
    /// # Safety
    /// They lie inside the result, and nobody else uses them while the block lives.
    #[inline(always)]
    pub(super) unsafe fn new(
        result: &Shared<'a, T>,
        step: usize,
        [row, rows]: [usize; 2],
        [column, columns]: [usize; 2],
    ) -> Self {
        let start = result.pointer().wrapping_add(row * step + column);
        Self {
            row,
            rows,
            column,
            columns,
            start,
            step,
            life: PhantomData,
        }
    }

    /// Its first row in the result.
    pub fn row(&self) -> usize {
        self.row
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Its first column in the result.
    pub fn column(&self) -> usize {
        self.column
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The elements of its `i`-th row.
    ///
    /// # Panics
    /// If it has no such row.
    #[inline(always)]
    pub fn segment(&mut self, i: usize) -> &mut [T] {
        assert!(i < self.rows);
        // SAFETY: inside the block, which is ours alone.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(i * self.step), self.columns) }
    }

    /// All elements, if the rows follow each other without a gap.
    #[inline(always)]
    pub fn contiguous(&mut self) -> Option<&mut [T]> {
        if self.columns != self.step && self.rows != 1 {
            return None;
        }
        // SAFETY: inside the block, which is ours alone; the rows touch.
        Some(unsafe { std::slice::from_raw_parts_mut(self.start, self.rows * self.columns) })
    }
}
