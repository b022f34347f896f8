//! Where queries, keys, values lie: heads of samples, each a matrix with its rows apart.

use crate::kernels::gemm::Strided;
use crate::threads::Shared;

/// Rows that are read: those of head `h` of sample `n` begin at `n image + h head`, `row` apart.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a, T> {
    /// What they lie in, from the first on.
    pub data: &'a [T],
    /// From a sample to the next.
    pub image: usize,
    /// From a head to the next.
    pub head: usize,
    /// From a row to the next.
    pub row: usize,
}

impl<'a, T> Part<'a, T> {
    /// `count` rows of `columns` elements from `first` on.
    ///
    /// # Panics
    /// If there are no such rows.
    pub(super) fn rows(&self, image: usize, head: usize, first: usize, count: usize, columns: usize) -> Strided<'a, T> {
        let (start, length) = (
            image * self.image + head * self.head + first * self.row,
            if count == 0 {
                0
            } else {
                (count - 1) * self.row + columns
            },
        );
        Strided {
            data: if length == 0 {
                &[]
            } else {
                &self.data[start..][..length]
            },
            row: self.row,
            col: 1,
        }
    }

    /// One row.
    ///
    /// # Panics
    /// If there is no such row.
    pub(super) fn row(&self, image: usize, head: usize, row: usize, columns: usize) -> &'a [T] {
        self.rows(image, head, row, 1, columns).data
    }
}

/// Rows that are written. Several may share what they lie in.
#[derive(Debug)]
pub struct PartMut<'a, T> {
    /// What they lie in.
    pub data: &'a Shared<'a, T>,
    /// Where the first begins.
    pub first: usize,
    /// From a sample to the next.
    pub image: usize,
    /// From a head to the next.
    pub head: usize,
    /// From a row to the next.
    pub row: usize,
}

impl<'a, T> PartMut<'a, T> {
    /// One row.
    ///
    /// # Safety
    /// No two that live at the same time are the same.
    ///
    /// # Panics
    /// If it lies outside.
    #[allow(clippy::mut_from_ref)] // The contract above is what makes it exclusive.
    pub(super) unsafe fn row(&self, image: usize, head: usize, row: usize, columns: usize) -> &'a mut [T] {
        let at = self.first + image * self.image + head * self.head + row * self.row;
        // SAFETY: the caller's promise.
        unsafe { self.data.part(at, columns) }
    }
}
