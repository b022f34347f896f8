//! What operations are given: a buffer handle, an offset into it, sizes and strides.

use std::fmt;
use std::ops::Deref;

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

/// The sizes of a block, axis by axis; copied with it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    sizes: [usize; 6],
    rank: u8,
}

impl Sizes {
    /// Sizes of up to six axes.
    ///
    /// # Panics
    /// If there are more.
    pub fn new(sizes: &[usize]) -> Self {
        let mut all = [1; 6];
        all[..sizes.len()].copy_from_slice(sizes);
        Self {
            sizes: all,
            rank: sizes.len() as u8,
        }
    }
}

impl Deref for Sizes {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        &self.sizes[..usize::from(self.rank)]
    }
}

impl fmt::Debug for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// A tensor of several axes whose elements lie one after the other: the operand of primitives.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The memory.
    pub buffer: &'a Buffer,
    /// Where the first element is.
    pub offset: usize,
    /// Sizes.
    pub sizes: Sizes,
}

impl<'a> Block<'a> {
    /// The number of elements.
    pub fn len(self) -> usize {
        self.sizes.iter().product()
    }

    /// Whether there is no element.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The same elements as one row.
    pub fn row(self) -> Matrix<'a> {
        Matrix::new(self.buffer, self.offset, 1, self.len())
    }
}

impl<'a> Matrix<'a> {
    /// The same elements with all of their sizes.
    pub fn block<const N: usize>(self, sizes: [usize; N]) -> Block<'a> {
        debug_assert!(self.is_contiguous() && self.len() == sizes.iter().product::<usize>());
        Block {
            buffer: self.buffer,
            offset: self.offset,
            sizes: Sizes::new(&sizes),
        }
    }
}

/// Where a gradient goes: set by the first who writes it, added to by those after.
#[derive(Clone, Copy, Debug)]
pub struct Gradient<'a> {
    /// The place.
    pub matrix: Matrix<'a>,
    /// Whether there is something to add to.
    pub accumulate: bool,
    /// Whether anyone wants it; that of a frozen parameter need not be computed.
    pub wanted: bool,
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
