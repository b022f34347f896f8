//! From operands to slices.
//!
//! What makes it sound is the discipline of [`Buffer`]: an operation's output is written by that operation alone. Here it is
//! checked as far as it can be seen from one operation: an output never overlaps an input.

use crate::device::{Buffer, Gradient, Matrix, View};
use crate::element::Element;
use crate::kernels::strided::{Source, Target};

/// The elements of a contiguous matrix.
pub(super) fn read<'a, T: Element>(x: Matrix<'a>) -> &'a [T] {
    debug_assert!(x.is_contiguous());
    span(x)
}

/// The elements of a matrix from the first to the last in memory.
pub(super) fn span<'a, T: Element>(x: Matrix<'a>) -> &'a [T] {
    // SAFETY: nobody writes to the inputs of an operation while it runs: parameters are guarded, workspaces have one owner,
    // other tensors are never written once they have a reader; `write` checks that no output of this operation overlaps.
    unsafe { x.buffer.slice(x.offset, x.span()) }
}

/// The elements of a contiguous matrix, to write; they must not overlap any of `inputs`.
pub(super) fn write<'a, T: Element>(out: Matrix<'a>, inputs: &[Matrix<'_>]) -> &'a mut [T] {
    debug_assert!(out.is_contiguous());
    for input in inputs {
        assert!(
            apart(out.buffer, out.offset, out.span(), input.buffer, input.offset, input.span()),
            "an output overlaps an input"
        );
    }
    // SAFETY: an output is written by one operation alone, and overlaps none of its inputs, as just checked.
    unsafe { out.buffer.slice_mut(out.offset, out.span()) }
}

/// Where a gradient goes, and whether it is added to what is there.
pub(super) fn accumulate<'a, T: Element>(gradient: Gradient<'a>, inputs: &[Matrix<'_>]) -> (&'a mut [T], bool) {
    (write(gradient.matrix, inputs), gradient.accumulate)
}

fn apart(a: &Buffer, a_at: usize, a_len: usize, b: &Buffer, b_at: usize, b_len: usize) -> bool {
    a_at + a_len <= b_at || b_at + b_len <= a_at || a_len == 0 || b_len == 0 || !a.shares_memory(b)
}

/// A strided operand: the whole buffer, and where in it the view begins.
pub(super) fn source<'a, T: Element>(x: View<'a>) -> Source<'a, T> {
    Source {
        // SAFETY: as in `span`; an output that shares the buffer is refused by `target`.
        data: unsafe { x.buffer.slice(0, x.buffer.len()) },
        offset: x.offset,
        strides: x.layout.strides(),
    }
}

/// The contiguous elements of a view that is written; its buffer must not be that of any input.
pub(super) fn fresh<'a, T: Element>(out: View<'a>, inputs: &[View<'_>]) -> &'a mut [T] {
    debug_assert!(out.layout.is_contiguous());
    for input in inputs {
        assert!(!out.buffer.shares_memory(input.buffer), "an output overlaps an input");
    }
    // SAFETY: an output is written by one operation alone, and its buffer is none of the inputs', as just checked.
    unsafe { out.buffer.slice_mut(out.offset, out.layout.len()) }
}

/// A strided view that is written; its buffer must not be that of any input.
pub(super) fn target<'a, T: Element>(out: View<'a>, inputs: &[View<'_>]) -> Target<'a, T> {
    for input in inputs {
        assert!(!out.buffer.shares_memory(input.buffer), "an output overlaps an input");
    }
    Target {
        // SAFETY: as in `fresh`.
        data: unsafe { out.buffer.slice_mut(0, out.buffer.len()) },
        offset: out.offset,
        strides: out.layout.strides(),
    }
}
