//! Packing: panels of `A` and `B` side by side in the order in which tiles read them.

use super::Operand;
use crate::kernels::simd::tiered;

/// Which part of a matrix becomes a panel. `across` runs along the panel's short side (rows of `A`, columns of `B`), `along` along `k`.
#[derive(Clone, Copy)]
pub(super) struct Panel<T> {
    pub from: *const T,
    pub across_step: usize,
    pub along_step: usize,
    /// How many of the short side there are; the rest of `width` becomes 0.
    pub count: usize,
    /// The panel's short side.
    pub width: usize,
    pub k: usize,
    pub to: *mut T,
}

impl<T> Operand<T> {
    /// The panel of the rows `row..row + count` and `k` columns from `first` on.
    ///
    /// # Safety
    /// They lie inside the matrix.
    pub(super) unsafe fn panel_of_rows(
        &self,
        row: usize,
        count: usize,
        first: usize,
        k: usize,
        width: usize,
        to: *mut T,
    ) -> Panel<T> {
        // SAFETY: the caller's promise.
        let from = unsafe { self.at(row, first) };
        Panel {
            from,
            across_step: self.row,
            along_step: self.col,
            count,
            width,
            k,
            to,
        }
    }

    /// The panel of the columns `column..column + count` and `k` rows from `first` on.
    ///
    /// # Safety
    /// They lie inside the matrix.
    pub(super) unsafe fn panel_of_columns(
        &self,
        column: usize,
        count: usize,
        first: usize,
        k: usize,
        width: usize,
        to: *mut T,
    ) -> Panel<T> {
        // SAFETY: the caller's promise.
        let from = unsafe { self.at(first, column) };
        Panel {
            from,
            across_step: self.col,
            along_step: self.row,
            count,
            width,
            k,
            to,
        }
    }
}

tiered! {
    /// Writes a panel: for each of `k`, the short side.
    ///
    /// The caller promises that what is read lies inside live memory and that `width * k` numbers can be written.
    pub(super) fn pack<S, T>(panel: Panel<T>) {
        let Panel { from, across_step, along_step, count, width, k, to } = panel;
        // SAFETY: the caller's promise.
        unsafe {
            if across_step == 1 {
                for p in 0..k {
                    let (from, to) = (from.add(p * along_step), to.add(p * width));
                    for i in 0..count {
                        *to.add(i) = *from.add(i);
                    }
                    for i in count..width {
                        *to.add(i) = T::ZERO;
                    }
                }
            } else {
                for i in 0..count {
                    let from = from.add(i * across_step);
                    for p in 0..k {
                        *to.add(p * width + i) = *from.add(p * along_step);
                    }
                }
                for i in count..width {
                    for p in 0..k {
                        *to.add(p * width + i) = T::ZERO;
                    }
                }
            }
        }
    }
}
