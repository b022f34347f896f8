//! What operations are given: a buffer handle, an offset into it, sizes and strides.

use crate::device::Buffer;
use crate::layout::Layout;

/// A matrix in a buffer: the operand of products and of everything that works row by row. Tensors of more axes are
/// matrices too: all axes but the last are its rows.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    /// The memory.
    pub buffer: &'a Buffer,
    /// Where the first element is.
    pub offset: usize,
    /// Sizes.
    pub rows: usize,
    /// Sizes.
    pub cols: usize,
    /// The step from a row to the next.
    pub row_stride: usize,
    /// The step from a column to the next.
    pub col_stride: usize,
}

impl<'a> Matrix<'a> {
    /// `rows` times `cols` elements, row by row, from `offset` on.
    pub fn new(buffer: &'a Buffer, offset: usize, rows: usize, cols: usize) -> Self {
        Self {
            buffer,
            offset,
            rows,
            cols,
            row_stride: cols,
            col_stride: 1,
        }
    }

    /// Rows and columns exchanged; nothing moves.
    pub fn transposed(self) -> Self {
        Self {
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
            ..self
        }
    }

    /// The number of elements.
    pub fn len(self) -> usize {
        self.rows * self.cols
    }

    /// Whether there is no element.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The number of elements from the first to the last in memory.
    pub fn span(self) -> usize {
        if self.is_empty() {
            return 0;
        }
        (self.rows - 1) * self.row_stride + (self.cols - 1) * self.col_stride + 1
    }

    /// Whether the rows lie one after the other without gaps.
    pub fn is_contiguous(self) -> bool {
        self.is_empty()
            || ((self.cols == 1 || self.col_stride == 1) && (self.rows == 1 || self.row_stride == self.cols))
    }
}

/// Where a gradient goes: set by the first who writes it, added to by those after.
#[derive(Clone, Copy, Debug)]
pub struct Gradient<'a> {
    /// The place.
    pub matrix: Matrix<'a>,
    /// Whether there is something to add to.
    pub accumulate: bool,
}

/// A tensor of any rank and strides in a buffer.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The memory.
    pub buffer: &'a Buffer,
    /// Where the first element is.
    pub offset: usize,
    /// Sizes and strides.
    pub layout: &'a Layout,
}

impl View<'_> {
    /// The elements from the first to the last in memory: where they begin, and how many.
    pub fn reach(self) -> (usize, usize) {
        if self.layout.sizes().contains(&0) {
            return (self.offset, 0);
        }
        let (mut first, mut last) = (self.offset as isize, self.offset as isize);
        for (&size, &stride) in self.layout.sizes().iter().zip(self.layout.strides()) {
            let step = (size as isize - 1) * stride;
            if step < 0 { first += step } else { last += step }
        }
        (first as usize, (last - first) as usize + 1)
    }
}
