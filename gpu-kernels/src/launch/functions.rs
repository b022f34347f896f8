//! Launchers of functions of one number and of two.

use super::elements::Typed;
use super::{Gpu, family};
use crate::error::Result;
use crate::geometry::{Walk, row_major};
use crate::operation::{Function, Pair, Type};

family! {
    /// The kernels of `functions.cu`.
    pub(crate) struct Functions from "functions" {
        of_one[](function: Function, of: Type, walk: Walk<2>, x: u64, out: u64, n: u32);
        of_two[](op: Pair, of: Type, walk: Walk<3>, a: u64, b: u64, out: u64, n: u32);
    }
}

impl Gpu {
    /// `out[index] = function(x[index])`, elements of `f32` or `f64`, reckoned in double precision; `out` is contiguous.
    ///
    /// # Safety
    /// As [`Gpu::compare`].
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn math(&self, function: Function, sizes: &[usize], x: Typed<'_>, out: u64) -> Result<()> {
        debug_assert!(matches!(x.of, Type::F32 | Type::F64));
        let steps = |axis: usize| [x.strides[axis], row_major(sizes, axis)];
        self.over_pieces(sizes, steps, 1, |piece, n| {
            let [from, to] = [(0, x.address), (1, out)].map(|(operand, at)| piece.first(operand, at, x.of.size()));
            let (at, functions) = (self.over(n)?, &self.kernels.functions);
            // SAFETY: the caller's promise.
            unsafe { functions.of_one(0, at, function, x.of, piece.walk(), from, to, n as u32) }
        })
    }

    /// `out[index] = op(a[index], b[index])`, elements of `f32` or `f64`; what is not one rounding is reckoned in double precision.
    /// `out` is contiguous.
    ///
    /// # Safety
    /// As [`Gpu::compare`].
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn pair(&self, op: Pair, sizes: &[usize], a: Typed<'_>, b: Typed<'_>, out: u64) -> Result<()> {
        debug_assert!(matches!(a.of, Type::F32 | Type::F64) && a.of == b.of);
        let steps = |axis: usize| [a.strides[axis], b.strides[axis], row_major(sizes, axis)];
        self.over_pieces(sizes, steps, 2, |piece, n| {
            let operands = [(0, a.address), (1, b.address), (2, out)];
            let [x, y, out] = operands.map(|(operand, at)| piece.first(operand, at, a.of.size()));
            let (at, functions) = (self.over(n)?, &self.kernels.functions);
            // SAFETY: the caller's promise.
            unsafe { functions.of_two(0, at, op, a.of, piece.walk(), x, y, out, n as u32) }
        })
    }
}
