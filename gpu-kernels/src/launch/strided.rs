//! Launchers of operations over strided views.

use super::{Gpu, family};
use crate::error::Result;
use crate::geometry::{Geometry, Walk, row_major};
use crate::operand::Strided;
use crate::ptr::{Element, Float, Ptr};

family! {
    /// The kernels of `strided.cu`.
    pub(crate) struct StridedKernels from "strided" {
        binary[f32, f64](op: Binary, walk: Walk<3>, a: u64, b: u64, out: u64, n: u32, wide: u32, repeated: u32);
        copy[u32, u64](walk: Walk<2>, x: u64, out: u64, n: u32, wide: u32, repeated: u32);
        transpose[u32, u64](planes: Planes, x: u64, out: u64, tiles: u32);
        convert[f32_f64, f32_i64, f64_f32, f64_i64, i64_f32, i64_f64](
            walk: Walk<2>, x: u64, out: u64, n: u32, wide: u32, repeated: u32,
        );
        fill[u32, u64](value: u64, walk: Walk<1>, out: u64, n: u32, wide: u32);
    }
}

/// An operation on two elements, by its number. `kernels/codes.cuh` has the same, and a check of the suite compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Binary {
    /// `a + b`.
    Add = 0,
    /// `a - b`.
    Sub = 1,
    /// `a * b`.
    Mul = 2,
    /// `a / b`.
    Div = 3,
    /// `a` to the power of `b`.
    Pow = 4,
    /// The larger; NaN wins.
    Maximum = 5,
    /// The smaller; NaN wins.
    Minimum = 6,
}

impl Binary {
    /// One of each, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::Pow,
        Self::Maximum,
        Self::Minimum,
    ];
}

/// The side of a tile of the transposing copy: `TILE` of `strided.cu`.
const TILE: usize = 32;
/// Rows of threads that go over a tile.
const TILE_ROWS: u32 = 8;
/// A plane with a shorter side than this is copied element by element: most of a tile would be empty.
const SHORTEST_SIDE: usize = 8;

/// The struct of the same name in `strided.cu`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Planes {
    rows: u32,
    cols: u32,
    x_step: i32,
    out_step: i32,
    walk: Walk<2>,
}

impl Planes {
    /// How a copy in the order of `out` goes by planes that are contiguous along one axis in `x` and along another in `out`, and
    /// by how many tiles, if it does.
    fn of(geometry: &Geometry<2>) -> Option<(Self, usize)> {
        let last = geometry.rank() - 1;
        let row = (0..last).find(|&axis| geometry.steps(axis)[0] == 1)?;
        let (rows, cols) = (geometry.size(row), geometry.size(last));
        if geometry.last_steps()[1] != 1 || rows.min(cols) < SHORTEST_SIDE {
            return None;
        }
        let around = geometry.without([row, last]);
        let tiles = rows.div_ceil(TILE) * cols.div_ceil(TILE) * around.elements();
        let planes = Self {
            rows: rows as u32,
            cols: cols as u32,
            x_step: geometry.last_steps()[0] as i32,
            out_step: geometry.steps(row)[1] as i32,
            walk: around.walk(),
        };
        Some((planes, tiles))
    }
}

/// A piece as the kernels take it: the walk, whether it goes by fours, and which operands repeat along the last axis, as bits.
fn walk<const N: usize>(piece: &Geometry<N>, operands: [(u64, usize); N]) -> (Walk<N>, u32, u32) {
    let wide = piece.is_wide(operands);
    let walk = if wide { piece.walk_in_fours() } else { piece.walk() };
    let steps = piece.last_steps().into_iter().enumerate();
    let repeated = steps.map(|(operand, step)| u32::from(step == 0) << operand);
    (walk, wide.into(), repeated.sum())
}

impl Gpu {
    /// `out[index] = a[index] op b[index]`, where `out` is contiguous; steps of 0 broadcast.
    ///
    /// # Safety
    /// Every element of the views of `sizes` lies in this device's memory. `out` lies apart from `a` and `b`, or is where one of them
    /// has the element of the same index.
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn binary<T: Float>(
        &self,
        op: Binary,
        sizes: &[usize],
        a: Strided<'_, T>,
        b: Strided<'_, T>,
        out: Ptr<T>,
    ) -> Result<()> {
        if sizes.contains(&0) {
            return Ok(());
        }
        let steps = |axis: usize| [a.strides[axis], b.strides[axis], row_major(sizes, axis)];
        Geometry::new(sizes, steps)?.pieces(&mut |piece| {
            let (bytes, n) = (size_of::<T>(), piece.elements());
            let addresses = [a.ptr.address(), b.ptr.address(), out.address()];
            let (walk, wide, repeated) = walk(piece, addresses.map(|address| (address, bytes)));
            let first = |operand: usize| piece.first(operand, addresses[operand], bytes);
            let (at, [a, b, out]) = (self.over(n)?, [first(0), first(1), first(2)]);
            let strided = &self.kernels.strided;
            // SAFETY: the caller's promise.
            unsafe { strided.binary(T::INDEX, at, op, walk, a, b, out, n as u32, wide, repeated) }
        })
    }

    /// Every element of the view becomes `value`.
    ///
    /// # Safety
    /// Every element of the view of `sizes` lies in this device's memory.
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn fill<T: Element>(&self, value: T, sizes: &[usize], out: Strided<'_, T>) -> Result<()> {
        if sizes.contains(&0) {
            return Ok(());
        }
        let geometry = Geometry::new(sizes, |axis| [out.strides[axis]])?.ordered_by(0);
        geometry.pieces(&mut |piece| {
            let (bytes, n) = (size_of::<T>(), piece.elements());
            // Threads that store 32 bytes each leave half of every sector to the next store, and nothing is read that would hide it.
            let (walk, wide) = match bytes {
                4 => {
                    let (walk, wide, _) = walk(piece, [(out.ptr.address(), bytes)]);
                    (walk, wide)
                }
                _ => (piece.walk(), 0),
            };
            let (at, out) = (self.over(n)?, piece.first(0, out.ptr.address(), bytes));
            let strided = &self.kernels.strided;
            // SAFETY: the caller's promise.
            unsafe { strided.fill(width::<T>(), at, value.bits(), walk, out, n as u32, wide) }
        })
    }

    /// `out[index] = x[index]`, view to view.
    ///
    /// # Safety
    /// Every element of the views of `sizes` lies in this device's memory; the views lie apart, and no two elements of `out` share a
    /// place.
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn copy<T: Element>(&self, sizes: &[usize], x: Strided<'_, T>, out: Strided<'_, T>) -> Result<()> {
        if sizes.contains(&0) {
            return Ok(());
        }
        let geometry = Geometry::new(sizes, |axis| [x.strides[axis], out.strides[axis]])?.ordered_by(1);
        let (bytes, addresses) = (size_of::<T>(), [x.ptr.address(), out.ptr.address()]);
        if geometry.is_contiguous() {
            let [from, to] = [0, 1].map(|operand| geometry.first(operand, addresses[operand], bytes));
            let bytes = geometry.elements() * bytes;
            self.enter()?;
            // SAFETY: the caller's promise.
            return unsafe { self.stream.copy(to, from, bytes) };
        }
        geometry.pieces(&mut |piece| {
            let [x, out] = [0, 1].map(|operand| piece.first(operand, addresses[operand], bytes));
            let strided = &self.kernels.strided;
            if let Some((planes, tiles)) = Planes::of(piece) {
                let blocks = tiles.min(self.info().multiprocessors as usize * 16) as u32;
                let at = self.launch((blocks, 1, 1), (TILE as u32, TILE_ROWS, 1), 0)?;
                // SAFETY: the caller's promise.
                return unsafe { strided.transpose(width::<T>(), at, planes, x, out, tiles as u32) };
            }
            let n = piece.elements();
            let (walk, wide, repeated) = walk(piece, addresses.map(|address| (address, bytes)));
            let at = self.over(n)?;
            // SAFETY: the caller's promise.
            unsafe { strided.copy(width::<T>(), at, walk, x, out, n as u32, wide, repeated & 1) }
        })
    }

    /// `out[index] = x[index] as To`, as Rust converts through `f64`: integers saturate, and NaN becomes 0.
    ///
    /// # Safety
    /// As [`Gpu::copy`].
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn convert<From: Element, To: Element>(
        &self,
        sizes: &[usize],
        x: Strided<'_, From>,
        out: Strided<'_, To>,
    ) -> Result<()> {
        if sizes.contains(&0) {
            return Ok(());
        }
        if From::ELEMENT == To::ELEMENT {
            let x = Strided {
                ptr: x.ptr.cast::<To>(),
                strides: x.strides,
            };
            // SAFETY: the caller's promise; the types are the same.
            return unsafe { self.copy(sizes, x, out) };
        }
        // The instances go over the types from, and for each over the other two.
        let which = 2 * From::ELEMENT + To::ELEMENT - usize::from(To::ELEMENT > From::ELEMENT);
        let geometry = Geometry::new(sizes, |axis| [x.strides[axis], out.strides[axis]])?.ordered_by(1);
        geometry.pieces(&mut |piece| {
            let n = piece.elements();
            let operands = [
                (x.ptr.address(), size_of::<From>()),
                (out.ptr.address(), size_of::<To>()),
            ];
            let (walk, wide, repeated) = walk(piece, operands);
            let [x, out] = [0, 1].map(|operand| piece.first(operand, operands[operand].0, operands[operand].1));
            let at = self.over(n)?;
            let strided = &self.kernels.strided;
            // SAFETY: the caller's promise.
            unsafe { strided.convert(which, at, walk, x, out, n as u32, wide, repeated & 1) }
        })
    }
}

/// Which instance of a kernel moves elements of this width.
fn width<T>() -> usize {
    size_of::<T>() / 8
}
