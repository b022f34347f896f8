//! From operands to slices.
//!
//! What makes it sound is the discipline of [`Buffer`]: an operation's output is written by that operation alone. Here it is
//! checked as far as it can be seen from one operation: an output never overlaps an input.

use std::ptr::NonNull;

use smallvec::SmallVec;

use crate::device::{Block, Buffer, Device, Gradient, Matrix, View};
use crate::element::Element;
use crate::kernels::strided::{Source, Target};

/// What is read, as rows: what is written may overlap none of it.
pub(super) type Rows<'a> = SmallVec<[Matrix<'a>; 8]>;

/// Where bytes of the processor's memory are.
#[inline(always)]
fn host(buffer: &Buffer, offset: usize, len: usize) -> NonNull<u8> {
    if buffer.device() != Device::cpu() {
        foreign(buffer);
    }
    buffer.address(offset, len)
}

/// Apart, so that the check above is one comparison.
#[cold]
#[inline(never)]
fn foreign(buffer: &Buffer) -> ! {
    panic!("the processor got memory of {}", buffer.device())
}

/// Where the elements `offset..offset + len` are.
fn place<T: Element>(buffer: &Buffer, offset: usize, len: usize) -> NonNull<T> {
    assert_eq!(buffer.dtype(), T::DTYPE, "a kernel got a buffer of another type");
    let size = size_of::<T>();
    host(buffer, offset * size, len * size).cast()
}

/// The elements `offset..offset + len` of a buffer.
///
/// # Safety
/// Nobody writes to these elements while the slice lives.
unsafe fn slice<T: Element>(buffer: &Buffer, offset: usize, len: usize) -> &[T] {
    // SAFETY: `place` checked device, range and type, every block is initialised, the caller promises the rest.
    unsafe { std::slice::from_raw_parts(place(buffer, offset, len).as_ptr(), len) }
}

/// The elements `offset..offset + len` of a buffer, to write.
///
/// # Safety
/// Nobody else reads or writes these elements while the slice lives.
#[allow(clippy::mut_from_ref)]
unsafe fn slice_mut<T: Element>(buffer: &Buffer, offset: usize, len: usize) -> &mut [T] {
    // SAFETY: as above.
    unsafe { std::slice::from_raw_parts_mut(place(buffer, offset, len).as_ptr(), len) }
}

/// The bytes `offset..offset + len` of a buffer.
///
/// # Safety
/// As [`slice`].
pub(super) unsafe fn bytes(buffer: &Buffer, offset: usize, len: usize) -> &[u8] {
    // SAFETY: `host` checked device and range, every block is initialised, the caller promises the rest.
    unsafe { std::slice::from_raw_parts(host(buffer, offset, len).as_ptr(), len) }
}

/// The bytes `offset..offset + len` of a buffer, to write.
///
/// # Safety
/// As [`slice_mut`].
#[allow(clippy::mut_from_ref)]
pub(super) unsafe fn bytes_mut(buffer: &Buffer, offset: usize, len: usize) -> &mut [u8] {
    // SAFETY: as above.
    unsafe { std::slice::from_raw_parts_mut(host(buffer, offset, len).as_ptr(), len) }
}

/// The elements of a contiguous matrix.
pub(in crate::device) fn read<'a, T: Element>(x: Matrix<'a>) -> &'a [T] {
    debug_assert!(x.is_contiguous());
    span(x)
}

/// The elements of a block.
pub(super) fn elements<'a, T: Element>(block: Block<'a>) -> &'a [T] {
    read(block.row())
}

/// The elements of a matrix from the first to the last in memory.
pub(super) fn span<'a, T: Element>(x: Matrix<'a>) -> &'a [T] {
    // SAFETY: nobody writes to the inputs of an operation while it runs: parameters are guarded, workspaces have one owner,
    // other tensors are never written once they have a reader; `write` checks that no output of this operation overlaps.
    unsafe { slice(x.buffer, x.offset, x.span()) }
}

/// The elements of a contiguous matrix, to write; they must not overlap any of `inputs`.
pub(in crate::device) fn write<'a, T: Element>(out: Matrix<'a>, inputs: &[Matrix<'_>]) -> &'a mut [T] {
    debug_assert!(out.is_contiguous());
    for input in inputs {
        assert!(
            apart(
                out.buffer,
                out.offset,
                out.span(),
                input.buffer,
                input.offset,
                input.span()
            ),
            "an output overlaps an input"
        );
    }
    // SAFETY: an output is written by one operation alone, and overlaps none of its inputs, as just checked.
    unsafe { slice_mut(out.buffer, out.offset, out.span()) }
}

/// Where a gradient goes, and whether it is added to what is there.
pub(super) fn accumulate<'a, T: Element>(gradient: Gradient<'a>, inputs: &[Matrix<'_>]) -> (&'a mut [T], bool) {
    (write(gradient.matrix, inputs), gradient.accumulate)
}

/// The same for one of the parameters, if anyone wants it.
pub(super) fn wanted<'a, T: Element>(
    gradients: &[Gradient<'a>],
    index: usize,
    inputs: &[Matrix<'_>],
) -> Option<(&'a mut [T], bool)> {
    let gradient = gradients.get(index).filter(|gradient| gradient.wanted)?;
    Some(accumulate(*gradient, inputs))
}

fn apart(a: &Buffer, a_at: usize, a_len: usize, b: &Buffer, b_at: usize, b_len: usize) -> bool {
    a_at + a_len <= b_at || b_at + b_len <= a_at || a_len == 0 || b_len == 0 || !a.shares_memory(b)
}

/// A strided operand.
pub(super) fn source<'a, T: Element>(x: View<'a>) -> Source<'a, T> {
    let (first, len) = x.reach();
    Source {
        // SAFETY: as in `span`; an output that overlaps is refused by `target` and `fresh`.
        data: unsafe { slice(x.buffer, first, len) },
        offset: x.offset - first,
        strides: x.layout.strides(),
    }
}

fn refuse_overlap(out: View<'_>, inputs: &[View<'_>]) {
    let (at, len) = out.reach();
    for input in inputs {
        let (input_at, input_len) = input.reach();
        assert!(
            apart(out.buffer, at, len, input.buffer, input_at, input_len),
            "an output overlaps an input"
        );
    }
}

/// The contiguous elements of a view that is written; they must not overlap any of `inputs`.
pub(super) fn fresh<'a, T: Element>(out: View<'a>, inputs: &[View<'_>]) -> &'a mut [T] {
    debug_assert!(out.layout.is_contiguous());
    refuse_overlap(out, inputs);
    // SAFETY: an output is written by one operation alone, and overlaps none of its inputs, as just checked.
    unsafe { slice_mut(out.buffer, out.offset, out.layout.len()) }
}

/// A strided view that is written; it must not overlap any of `inputs`.
pub(super) fn target<'a, T: Element>(out: View<'a>, inputs: &[View<'_>]) -> Target<'a, T> {
    refuse_overlap(out, inputs);
    let (first, len) = out.reach();
    Target {
        // SAFETY: as in `fresh`.
        data: unsafe { slice_mut(out.buffer, first, len) },
        offset: out.offset - first,
        strides: out.layout.strides(),
    }
}
