//! From operands to addresses in the device's memory.

use gpu_kernels::{Element, Operand, Ptr, Strided};

use crate::device::{Buffer, Matrix, View};

/// Where bytes of a buffer are, from its `offset`-th element on.
pub(super) fn start(buffer: &Buffer, offset: usize, bytes: usize) -> u64 {
    buffer.address(offset * buffer.dtype().size(), bytes).addr().get() as u64
}

/// The address of a matrix, whose span is checked.
fn first<T: Element>(x: Matrix<'_>) -> Ptr<T> {
    debug_assert_eq!(x.buffer.dtype().size(), size_of::<T>());
    Ptr::new(start(x.buffer, x.offset, x.span() * size_of::<T>()))
}

/// Where a contiguous matrix is.
pub(super) fn at<T: Element>(x: Matrix<'_>) -> Ptr<T> {
    debug_assert!(x.is_contiguous());
    first(x)
}

/// The operand of a product.
pub(super) fn operand<T: Element>(x: Matrix<'_>) -> Operand<T> {
    Operand {
        ptr: first(x),
        row: x.row_stride,
        col: x.col_stride,
    }
}

/// A strided operand, whose reach is checked.
pub(super) fn strided<'a, T: Element>(x: View<'a>) -> Strided<'a, T> {
    let (lowest, len) = x.reach();
    let size = size_of::<T>();
    debug_assert_eq!(x.buffer.dtype().size(), size);
    let lowest_address = start(x.buffer, lowest, len * size);
    Strided {
        ptr: Ptr::new(lowest_address + ((x.offset - lowest) * size) as u64),
        strides: x.layout.strides(),
    }
}
