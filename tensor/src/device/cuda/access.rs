//! From operands to addresses in the device's memory.

use gpu_kernels::{Element, Operand, Ptr, Strided};

use super::Cuda;
use crate::device::{Buffer, Matrix, View};

impl Cuda {
    /// Where bytes of a buffer are, from its `offset`-th element on.
    pub(super) fn start(&self, buffer: &Buffer, offset: usize, bytes: usize) -> u64 {
        let device = buffer.device();
        assert!(
            std::ptr::addr_eq(device.backend(), self),
            "{} got memory of {device}",
            self.name
        );
        buffer.address(offset * buffer.dtype().size(), bytes).addr().get() as u64
    }

    /// The address of a matrix, whose span is checked.
    fn first<T: Element>(&self, x: Matrix<'_>) -> Ptr<T> {
        debug_assert_eq!(x.buffer.dtype().size(), size_of::<T>());
        Ptr::new(self.start(x.buffer, x.offset, x.span() * size_of::<T>()))
    }

    /// Where a contiguous matrix is.
    pub(super) fn at<T: Element>(&self, x: Matrix<'_>) -> Ptr<T> {
        debug_assert!(x.is_contiguous());
        self.first(x)
    }

    /// The operand of a product.
    pub(super) fn operand<T: Element>(&self, x: Matrix<'_>) -> Operand<T> {
        Operand {
            ptr: self.first(x),
            row: x.row_stride,
            col: x.col_stride,
        }
    }

    /// A strided operand, whose reach is checked.
    pub(super) fn strided<'a, T: Element>(&self, x: View<'a>) -> Strided<'a, T> {
        let (lowest, len) = x.reach();
        let size = size_of::<T>();
        debug_assert_eq!(x.buffer.dtype().size(), size);
        let lowest_address = self.start(x.buffer, lowest, len * size);
        Strided {
            ptr: Ptr::new(lowest_address + ((x.offset - lowest) * size) as u64),
            strides: x.layout.strides(),
        }
    }
}
