//! Operations over strided views of any rank: `sizes` and, for each operand, an offset and strides in elements. A stride of 0
//! repeats an element (broadcasting), a negative one walks backwards. Results are written in row-major order.

mod binary;
mod copy;
mod each;
mod gather;
mod loops;
mod room;
mod tiles;
mod unary;

pub use binary::binary;
pub use copy::{copy, fill};
pub use each::{map, update, zip, zip3};
pub(crate) use gather::line;
pub(crate) use loops::{Loops, row_major_step};
pub use unary::unary;

/// A strided operand that is read.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a, T> {
    /// What the view lies in.
    pub data: &'a [T],
    /// Where its first element is.
    pub offset: usize,
    /// The step along each axis.
    pub strides: &'a [isize],
}

/// A strided operand that is written; no two of its elements may share a place.
#[derive(Debug)]
pub struct Target<'a, T> {
    /// What the view lies in.
    pub data: &'a mut [T],
    /// Where its first element is.
    pub offset: usize,
    /// The step along each axis.
    pub strides: &'a [isize],
}

impl<T> Source<'_, T> {
    /// Panics unless every element of a view of these sizes lies inside the data.
    pub(crate) fn check(&self, sizes: &[usize]) {
        check(sizes, self.strides, self.offset, self.data.len());
    }
}

impl<T> Target<'_, T> {
    /// As [`Source::check`].
    pub(crate) fn check(&self, sizes: &[usize]) {
        check(sizes, self.strides, self.offset, self.data.len());
    }
}

fn check(sizes: &[usize], strides: &[isize], offset: usize, length: usize) {
    assert_eq!(sizes.len(), strides.len(), "one stride an axis");
    if sizes.contains(&0) {
        return;
    }
    let (mut lowest, mut highest) = (offset as i128, offset as i128);
    for (&size, &stride) in sizes.iter().zip(strides) {
        let reach = (size as i128 - 1) * stride as i128;
        if reach < 0 { lowest += reach } else { highest += reach }
    }
    assert!(
        lowest >= 0 && highest < length as i128,
        "a view of sizes {sizes:?} reaches outside its data"
    );
}

#[cfg(test)]
pub(crate) mod tests;
