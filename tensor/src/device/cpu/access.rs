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
    unsafe { out.buffer.slice_mut(out.offset, out.span()) }
}

/// Where a gradient goes, and whether it is added to what is there.
pub(super) fn accumulate<'a, T: Element>(gradient: Gradient<'a>, inputs: &[Matrix<'_>]) -> (&'a mut [T], bool) {
    (write(gradient.matrix, inputs), gradient.accumulate)
}

fn apart(a: &Buffer, a_at: usize, a_len: usize, b: &Buffer, b_at: usize, b_len: usize) -> bool {
    a_at + a_len <= b_at || b_at + b_len <= a_at || a_len == 0 || b_len == 0 || !a.shares_memory(b)
}

/// The elements from the first to the last in memory of a view: where they begin, and how many.
fn reach(x: View<'_>) -> (usize, usize) {
    if x.layout.sizes().contains(&0) {
        return (x.offset, 0);
    }
    let (mut first, mut last) = (x.offset as isize, x.offset as isize);
    for (&size, &stride) in x.layout.sizes().iter().zip(x.layout.strides()) {
        let step = (size as isize - 1) * stride;
        if step < 0 { first += step } else { last += step }
    }
    (first as usize, (last - first) as usize + 1)
}

/// A strided operand.
pub(super) fn source<'a, T: Element>(x: View<'a>) -> Source<'a, T> {
    let (first, len) = reach(x);
    Source {
        // SAFETY: as in `span`; an output that overlaps is refused by `target` and `fresh`.
        data: unsafe { x.buffer.slice(first, len) },
        offset: x.offset - first,
        strides: x.layout.strides(),
    }
}

fn refuse_overlap(out: View<'_>, inputs: &[View<'_>]) {
    let (at, len) = reach(out);
    for input in inputs {
        let (input_at, input_len) = reach(*input);
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
    unsafe { out.buffer.slice_mut(out.offset, out.layout.len()) }
}

/// A strided view that is written; it must not overlap any of `inputs`.
pub(super) fn target<'a, T: Element>(out: View<'a>, inputs: &[View<'_>]) -> Target<'a, T> {
    refuse_overlap(out, inputs);
    let (first, len) = reach(out);
    Target {
        // SAFETY: as in `fresh`.
        data: unsafe { out.buffer.slice_mut(first, len) },
        offset: out.offset - first,
        strides: out.layout.strides(),
    }
}
