//! Packing: panels of `A` and `B` side by side in the order in which tiles read them.

use super::Operand;
use crate::kernels::Real;
use crate::kernels::simd::{Lanes, Tier, tiered};

/// Which part of a matrix becomes a panel. `across` runs along the panel's short side (rows of `A`, columns of `B`), `along` along `k`.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Panel<T> {
    pub from: *const T,
    pub across_step: usize,
    pub along_step: usize,
    /// How many of the short side there are; the rest of `width` is filled with anything finite or of the matrix.
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
    pub(in crate::kernels) fn pack<S, T>(panel: Panel<T>) {
        let Panel { from, across_step, along_step, count, width, k, to } = panel;
        // SAFETY: the caller's promise.
        unsafe {
            if across_step == 1 {
                return copy_lines::<S, T>(panel);
            }
            let lanes = T::Vector::<S>::COUNT;
            let piece = T::Vector::<S>::PIECE;
            let mut done = 0;
            if along_step == 1 {
                // Registers of rows become registers of columns. Rows that are missing repeat the last: nobody reads their place.
                let whole = k / piece * piece;
                for first in (0..width).step_by(lanes) {
                    let rows: [*const T; 16] = std::array::from_fn(|i| from.add((first + i).min(count - 1) * across_step));
                    for p in (0..whole).step_by(piece) {
                        T::Vector::<S>::transpose(&rows, p, to.add(p * width + first), width);
                    }
                }
                done = whole;
            }
            for p in done..k {
                for i in 0..width {
                    *to.add(p * width + i) = *from.add(i.min(count - 1) * across_step + p * along_step);
                }
            }
        }
    }
}

/// A panel whose short side lies side by side already.
///
/// # Safety
/// As [`pack`]; the tier's instructions are enabled.
#[inline(always)]
unsafe fn copy_lines<S: Tier, T: Real>(panel: Panel<T>) {
    let Panel {
        from,
        along_step,
        count,
        width,
        k,
        to,
        ..
    } = panel;
    let lanes = T::Vector::<S>::COUNT;
    // SAFETY: the caller's promise.
    unsafe {
        for p in 0..k {
            let (from, to) = (from.add(p * along_step), to.add(p * width));
            let mut i = 0;
            while i + lanes <= count {
                T::Vector::<S>::load(from.add(i)).store(to.add(i));
                i += lanes;
            }
            if i < count {
                T::Vector::<S>::load_first(from.add(i), count - i).store(to.add(i));
                i += lanes;
            }
            while i < width {
                T::Vector::<S>::zero().store(to.add(i));
                i += lanes;
            }
        }
    }
}
