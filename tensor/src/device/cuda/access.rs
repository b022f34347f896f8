//! From operands to addresses in the device's memory.

use gpu_kernels::{Element, Operand, Ptr, Strided, Type, Typed};

use super::Cuda;
use crate::device::{Buffer, Matrix, View};
use crate::element::DType;

/// A contiguous view as a matrix, of which all axes but the last are the rows.
pub(super) fn matrix(x: View<'_>) -> Matrix<'_> {
    debug_assert!(x.layout.is_contiguous());
    let cols = x.layout.sizes().last().copied().unwrap_or(1);
    let rows = x.layout.sizes().iter().rev().skip(1).product();
    Matrix::new(x.buffer, x.offset, rows, cols)
}

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
        debug_assert_eq!(x.buffer.dtype().size(), size_of::<T>());
        Strided {
            ptr: Ptr::new(self.first_of(x)),
            strides: x.layout.strides(),
        }
    }

    /// As [`Cuda::strided`], of any type.
    pub(super) fn typed<'a>(&self, x: View<'a>) -> Typed<'a> {
        let of = match x.buffer.dtype() {
            DType::F32 => Type::F32,
            DType::F64 => Type::F64,
            DType::F16 => Type::F16,
            DType::BF16 => Type::BF16,
            DType::I64 => Type::I64,
            DType::I32 => Type::I32,
            DType::U8 => Type::U8,
            DType::Bool => Type::Bool,
        };
        Typed {
            of,
            address: self.first_of(x),
            strides: x.layout.strides(),
        }
    }

    /// The address of a view's element with all indices 0; its reach is checked.
    fn first_of(&self, x: View<'_>) -> u64 {
        let ((lowest, len), size) = (x.reach(), x.buffer.dtype().size());
        self.start(x.buffer, lowest, len * size) + ((x.offset - lowest) * size) as u64
    }
}
