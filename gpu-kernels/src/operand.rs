//! Operands as callers describe them: where they begin, and how they lie.

use crate::ptr::Ptr;

/// A matrix that is read: element `(i, j)` lies at `i * row + j * col`.
#[derive(Debug)]
pub struct Operand<T> {
    /// Where element `(0, 0)` lies.
    pub ptr: Ptr<T>,
    /// The step from a row to the next, in elements.
    pub row: usize,
    /// The step from a column to the next.
    pub col: usize,
}

impl<T> Clone for Operand<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Operand<T> {}

/// A strided operand: the address of its first element and its step along each axis, in elements. A step of 0 repeats an element, a
/// negative one walks backwards.
#[derive(Debug)]
pub struct Strided<'a, T> {
    /// Where the element with all indices 0 is.
    pub ptr: Ptr<T>,
    /// The step along each axis.
    pub strides: &'a [isize],
}

impl<T> Clone for Strided<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Strided<'_, T> {}
