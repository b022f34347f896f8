//! Launchers of operations over strided views of every element type.

use super::{Gpu, family};
use crate::error::Result;
use crate::geometry::{Geometry, Walk, row_major};
use crate::operation::{Compare, Type};

family! {
    /// The kernels of `elements.cu`.
    pub(crate) struct Elements from "elements" {
        put[u8, u16](value: u64, walk: Walk<1>, out: u64, n: u32);
        take[u8, u16](walk: Walk<2>, x: u64, out: u64, n: u32);
        cast[](from: Type, to: Type, walk: Walk<2>, x: u64, out: u64, n: u32);
        compare[](op: Compare, of: Type, walk: Walk<3>, a: u64, b: u64, out: u64, n: u32);
        select[u8, u16, u32, u64](walk: Walk<4>, condition: u64, a: u64, b: u64, out: u64, n: u32);
    }
}

/// A strided operand whose type is a value.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// What the elements are.
    pub of: Type,
    /// The address of the element with all indices 0.
    pub address: u64,
    /// The step along each axis, in elements.
    pub strides: &'a [isize],
}

impl Gpu {
    /// Every element of the view, of 1 or 2 bytes, becomes the lowest bits of `bits`.
    ///
    /// # Safety
    /// Every element of the view of `sizes` lies in this device's memory.
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn put(&self, bits: u64, sizes: &[usize], out: Typed<'_>) -> Result<()> {
        let size = out.of.size();
        debug_assert!(size <= 2);
        self.over_pieces(
            sizes,
            |axis| [out.strides[axis]],
            0,
            |piece, n| {
                let to = piece.first(0, out.address, size);
                // SAFETY: the caller's promise.
                unsafe {
                    self.kernels
                        .elements
                        .put(size / 2, self.over(n)?, bits, piece.walk(), to, n as u32)
                }
            },
        )
    }

    /// `out[index] = x[index]`, elements of the same type of 1 or 2 bytes.
    ///
    /// # Safety
    /// As [`Gpu::copy`].
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn take(&self, sizes: &[usize], x: Typed<'_>, out: Typed<'_>) -> Result<()> {
        let size = out.of.size();
        debug_assert!(size <= 2 && x.of == out.of);
        self.over_pieces(
            sizes,
            |axis| [x.strides[axis], out.strides[axis]],
            1,
            |piece, n| {
                let [from, to] = [(0, x), (1, out)].map(|(operand, of)| piece.first(operand, of.address, size));
                if piece.is_contiguous() {
                    self.enter()?;
                    // SAFETY: the caller's promise.
                    return unsafe { self.stream.copy(to, from, n * size) };
                }
                // SAFETY: the caller's promise.
                unsafe {
                    self.kernels
                        .elements
                        .take(size / 2, self.over(n)?, piece.walk(), from, to, n as u32)
                }
            },
        )
    }

    /// `out[index] = x[index]` as another type: between whole numbers and truth values the lowest bits, else through `f64` as Rust
    /// converts, where integers saturate and NaN becomes 0, rounded to the nearest number, of two the even one. A number is true
    /// where it is not 0.
    ///
    /// # Safety
    /// As [`Gpu::copy`].
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn cast(&self, sizes: &[usize], x: Typed<'_>, out: Typed<'_>) -> Result<()> {
        self.over_pieces(
            sizes,
            |axis| [x.strides[axis], out.strides[axis]],
            1,
            |piece, n| {
                let [from, to] = [(0, x), (1, out)].map(|(operand, of)| piece.first(operand, of.address, of.of.size()));
                let (at, elements) = (self.over(n)?, &self.kernels.elements);
                // SAFETY: the caller's promise.
                unsafe { elements.cast(0, at, x.of, out.of, piece.walk(), from, to, n as u32) }
            },
        )
    }

    /// `out[index] = a[index] op b[index]`, operands of one type, as bytes 0 and 1; `out` is contiguous.
    ///
    /// # Safety
    /// As [`Gpu::binary`], and `out` lies apart.
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn compare(&self, op: Compare, sizes: &[usize], a: Typed<'_>, b: Typed<'_>, out: u64) -> Result<()> {
        debug_assert_eq!(a.of, b.of);
        let steps = |axis: usize| [a.strides[axis], b.strides[axis], row_major(sizes, axis)];
        self.over_pieces(sizes, steps, 2, |piece, n| {
            let [x, y] = [(0, a), (1, b)].map(|(operand, of)| piece.first(operand, of.address, of.of.size()));
            let (at, elements, out) = (self.over(n)?, &self.kernels.elements, piece.first(2, out, 1));
            // SAFETY: the caller's promise.
            unsafe { elements.compare(0, at, op, a.of, piece.walk(), x, y, out, n as u32) }
        })
    }

    /// `out[index]` is `a[index]` where `condition[index]` is true, else `b[index]`; `a`, `b` and `out` are of one type, and `out`
    /// is contiguous.
    ///
    /// # Safety
    /// As [`Gpu::compare`].
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn select(
        &self,
        sizes: &[usize],
        condition: Typed<'_>,
        a: Typed<'_>,
        b: Typed<'_>,
        out: u64,
    ) -> Result<()> {
        debug_assert!(condition.of == Type::Bool && a.of == b.of);
        let size = a.of.size();
        let steps = |axis: usize| {
            [
                condition.strides[axis],
                a.strides[axis],
                b.strides[axis],
                row_major(sizes, axis),
            ]
        };
        self.over_pieces(sizes, steps, 3, |piece, n| {
            let first = piece.first(0, condition.address, 1);
            let [x, y] = [(1, a), (2, b)].map(|(operand, of)| piece.first(operand, of.address, size));
            let (at, elements, out) = (self.over(n)?, &self.kernels.elements, piece.first(3, out, size));
            let which = size.trailing_zeros() as usize;
            // SAFETY: the caller's promise.
            unsafe { elements.select(which, at, piece.walk(), first, x, y, out, n as u32) }
        })
    }

    /// Calls `launch` with the pieces of these sizes and steps, in the order of one of the operands, and how many elements each has.
    pub(super) fn over_pieces<const N: usize>(
        &self,
        sizes: &[usize],
        steps: impl Fn(usize) -> [isize; N],
        ordered_by: usize,
        launch: impl Fn(&Geometry<N>, usize) -> Result<()>,
    ) -> Result<()> {
        if sizes.contains(&0) {
            return Ok(());
        }
        let geometry = Geometry::new(sizes, steps)?.ordered_by(ordered_by);
        geometry.pieces(&mut |piece| launch(piece, piece.elements()))
    }
}
