//! The elements of operands as slices, for layers of the user's own, which run on the processor.

use crate::device::cpu::access;
use crate::device::{Device, Matrix};
use crate::element::Element;

/// Whether the operands lie in the memory of the process.
pub(crate) fn is_here(matrix: Matrix<'_>) -> bool {
    matrix.buffer.device() == Device::cpu()
}

/// The elements of a contiguous matrix that [is here](is_here).
pub(crate) fn read<T: Element>(x: Matrix<'_>) -> &[T] {
    access::read(x)
}

/// Those of one that an operation writes, which must not overlap what it reads.
pub(crate) fn write<'a, T: Element>(out: Matrix<'a>, inputs: &[Matrix<'_>]) -> &'a mut [T] {
    access::write(out, inputs)
}
