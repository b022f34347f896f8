//! Launchers of arithmetic on whole numbers.

use super::elements::Typed;
use super::grid::{BLOCK, PARTS};
use super::reduce::{Axes, Folding};
use super::{Gpu, family};
use crate::error::Result;
use crate::geometry::{Walk, row_major};
use crate::operand::{Operand, Strided};
use crate::operation::{Fold, Type, Whole};
use crate::ptr::Ptr;

family! {
    /// The kernels of `whole.cu`.
    pub(crate) struct WholeNumbers from "whole" {
        whole[](op: Whole, of: Type, walk: Walk<3>, a: u64, b: u64, out: u64, n: u32, fault: u64);
        fold_blocks[](fold: Fold, x: u64, kept: Axes, folded: Axes, outputs: i64, inputs: i64, out: u64);
        fold_threads[](fold: Fold, x: u64, kept: Axes, folded: Axes, outputs: i64, inputs: i64, out: u64);
        product[](
            a: u64, a_row: i64, a_col: i64, b: u64, b_row: i64, b_col: i64, out: u64, m: i64, n: i64, k: i64, accumulate: u32,
        );
    }
}

/// Inputs that make a part of them worth a block, and worth a thread.
const BLOCK_INPUTS: usize = 4096;
const THREAD_INPUTS: usize = 256;
/// Fewer inputs than this are a thread's, wherever they lie.
const FEW_INPUTS: usize = 32;
/// The side of a block of threads of a product: `SIDE` of `whole.cu`.
const SIDE: usize = 16;

impl Gpu {
    /// `out[index] = a[index] op b[index]`, whole numbers or truth values of one type, which wrap around; `out` is contiguous. A
    /// division by 0 gives 0, and the next wait for the device says so.
    ///
    /// # Safety
    /// As [`Gpu::compare`].
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn whole(&self, op: Whole, sizes: &[usize], a: Typed<'_>, b: Typed<'_>, out: u64) -> Result<()> {
        debug_assert!(!a.of.is_float() && a.of == b.of);
        let steps = |axis: usize| [a.strides[axis], b.strides[axis], row_major(sizes, axis)];
        self.over_pieces(sizes, steps, 2, |piece, n| {
            let operands = [(0, a.address), (1, b.address), (2, out)];
            let [x, y, out] = operands.map(|(operand, at)| piece.first(operand, at, a.of.size()));
            let (at, kernels) = (self.over(n)?, &self.kernels.whole);
            // SAFETY: the caller's promise.
            unsafe { kernels.whole(0, at, op, a.of, piece.walk(), x, y, out, n as u32, self.fault()) }
        })
    }

    /// `out = fold(x)` over the axes that `reduced` marks, as [`Gpu::reduce`], of whole numbers, which wrap around.
    ///
    /// # Safety
    /// As [`Gpu::reduce`].
    ///
    /// # Errors
    /// As [`Gpu::reduce`].
    pub unsafe fn fold(
        &self,
        fold: Fold,
        sizes: &[usize],
        x: Strided<'_, i64>,
        reduced: &[bool],
        out: Ptr<i64>,
    ) -> Result<()> {
        let folding = Folding::new(sizes, x, reduced)?;
        if folding.outputs == 0 {
            return Ok(());
        }
        let threads = folding.inputs <= FEW_INPUTS || folding.is_columns();
        let (blocks, least) = if threads {
            (folding.outputs.div_ceil(BLOCK), THREAD_INPUTS)
        } else {
            (folding.outputs, BLOCK_INPUTS)
        };
        let wanted = self.info().multiprocessors as usize * 8 / blocks;
        let parts = wanted.min(folding.inputs / least).clamp(1, PARTS);
        if parts == 1 {
            // SAFETY: the caller's promise.
            return unsafe { self.fold_parts(fold, &folding, threads, 1, out.address()) };
        }
        let outputs = folding.outputs;
        self.with_scratch(outputs * parts * size_of::<i64>(), |partial| {
            let (sizes, strides) = ([outputs, parts], [parts as isize, 1]);
            let of_parts = Strided {
                ptr: Ptr::<i64>::new(partial),
                strides: &strides,
            };
            let joining = Folding::new(&sizes, of_parts, &[false, true])?;
            // SAFETY: the caller's promise; the scratch memory has room for every part of every output.
            unsafe {
                self.fold_parts(fold, &folding, threads, parts, partial)?;
                self.fold_parts(fold, &joining, parts <= FEW_INPUTS, 1, out.address())
            }
        })
    }

    /// `out[o][part]` of each output and so many parts of its inputs.
    unsafe fn fold_parts(&self, fold: Fold, folding: &Folding, threads: bool, parts: usize, out: u64) -> Result<()> {
        let (x, kept, folded) = (folding.x, folding.kept, folding.folded);
        let blocks = self.blocks_for(if threads {
            folding.outputs.div_ceil(BLOCK)
        } else {
            folding.outputs
        });
        let at = self.launch((blocks, parts as u32, 1), (BLOCK as u32, 1, 1), 0)?;
        let (outputs, inputs, kernels) = (folding.outputs as i64, folding.inputs as i64, &self.kernels.whole);
        // SAFETY: the caller's promise.
        unsafe {
            if threads {
                kernels.fold_threads(0, at, fold, x, kept, folded, outputs, inputs, out)
            } else {
                kernels.fold_blocks(0, at, fold, x, kept, folded, outputs, inputs, out)
            }
        }
    }

    /// `out (+)= a b` of whole numbers, which wrap around: `[m, k]` times `[k, n]`, into `[m, n]` without gaps.
    ///
    /// # Safety
    /// All elements lie in this device's memory, `out` apart from the others.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn whole_product(
        &self,
        a: Operand<i64>,
        b: Operand<i64>,
        out: Ptr<i64>,
        [m, n, k]: [usize; 3],
        accumulate: bool,
    ) -> Result<()> {
        if m == 0 || n == 0 {
            return Ok(());
        }
        let (cols, rows) = (n.div_ceil(SIDE), m.div_ceil(SIDE).min(usize::from(u16::MAX)));
        let at = self.launch((cols as u32, rows as u32, 1), (SIDE as u32, SIDE as u32, 1), 0)?;
        let (a_row, a_col) = (a.row as i64, a.col as i64);
        let (b_row, b_col) = (b.row as i64, b.col as i64);
        let (a, b, out) = (a.ptr.address(), b.ptr.address(), out.address());
        let (m, n, k, accumulate) = (m as i64, n as i64, k as i64, accumulate.into());
        // SAFETY: the caller's promise.
        unsafe {
            self.kernels
                .whole
                .product(0, at, a, a_row, a_col, b, b_row, b_col, out, m, n, k, accumulate)
        }
    }
}
