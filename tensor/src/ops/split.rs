//! Parts of a tensor along an axis: `narrow`, `select`, `split`, `chunk`, `tensor_split`, `unbind`. All are views.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{self, describe};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// `length` indices of an axis from `start` on, which counts from the end where negative.
pub(crate) fn narrow(x: &Value, axis: isize, start: isize, length: usize) -> Result<Value> {
    let axis = layout::axis("narrow", axis, x.layout.rank())?;
    let size = x.sizes()[axis] as isize;
    let out = |what, index: isize| Error::OutOfRange {
        operation: "narrow",
        what,
        index: index as i64,
        size: format!("axis {axis} of {}", x.layout.describe()),
    };
    if start < -size || start > size {
        return Err(out("start", start));
    }
    let start = if start < 0 { start + size } else { start };
    if length > (size - start) as usize {
        return Err(out("end", start.saturating_add_unsigned(length)));
    }
    Ok(x.slice(axis, start as usize, length, 1))
}

/// One index of an axis, which goes.
pub(crate) fn select(x: &Value, axis: isize, index: isize) -> Result<Value> {
    let axis = layout::axis("select", axis, x.layout.rank())?;
    let size = x.sizes()[axis] as isize;
    if index < -size || index >= size {
        return Err(Error::OutOfRange {
            operation: "select",
            what: "index",
            index: index as i64,
            size: format!("axis {axis} of {}", x.layout.describe()),
        });
    }
    Ok(x.index_axis(axis, if index < 0 { index + size } else { index } as usize))
}

/// Pieces of given lengths, which are the whole of the axis.
pub(crate) fn split_sizes(x: &Value, lengths: &[usize], axis: isize) -> Result<Vec<Value>> {
    let axis = layout::axis("split", axis, x.layout.rank())?;
    let size = x.sizes()[axis];
    if lengths.iter().try_fold(0usize, |sum, &length| sum.checked_add(length)) != Some(size) {
        return Err(Error::shape(
            "split",
            format!(
                "pieces of {size} together, as axis {axis} of {} has",
                x.layout.describe()
            ),
            describe(lengths),
        ));
    }
    let mut start = 0;
    let piece = |&length: &usize| {
        start += length;
        x.slice(axis, start - length, length, 1)
    };
    Ok(lengths.iter().map(piece).collect())
}

/// Pieces of one length, of which the last may be shorter.
pub(crate) fn split(x: &Value, length: usize, axis: isize) -> Result<Vec<Value>> {
    let index = layout::axis("split", axis, x.layout.rank())?;
    let size = x.sizes()[index];
    if length == 0 && size > 0 {
        return Err(Error::argument("length", "a number from 1 on", length));
    }
    // Of nothing there is one piece, of nothing.
    let mut lengths = vec![length; size / length.max(1)];
    match size % length.max(1) {
        0 if size > 0 => {}
        rest => lengths.push(rest),
    }
    split_sizes(x, &lengths, axis)
}

/// That pieces are as many as a list can hold.
fn pieces(count: usize) -> Result<()> {
    if (1..=u32::MAX as usize).contains(&count) {
        return Ok(());
    }
    Err(Error::argument("count", "a number from 1 on, below 2^32", count))
}

/// `count` pieces or fewer, all of the length that `count` pieces must have at least, save the last.
pub(crate) fn chunk(x: &Value, count: usize, axis: isize) -> Result<Vec<Value>> {
    let index = layout::axis("chunk", axis, x.layout.rank())?;
    pieces(count)?;
    match x.sizes()[index] {
        0 => split_sizes(x, &vec![0; count], axis),
        size => split(x, size.div_ceil(count), axis),
    }
}

/// Just `count` pieces, of which the first are longer by one where the axis cannot be divided.
pub(crate) fn tensor_split(x: &Value, count: usize, axis: isize) -> Result<Vec<Value>> {
    let index = layout::axis("tensor_split", axis, x.layout.rank())?;
    pieces(count)?;
    let size = x.sizes()[index];
    let lengths: Vec<usize> = (0..count)
        .map(|piece| size / count + usize::from(piece < size % count))
        .collect();
    split_sizes(x, &lengths, axis)
}

/// Pieces that begin at 0 and at each of the indices, as slices take them: cut to what there is, from the end where negative.
pub(crate) fn tensor_split_at(x: &Value, indices: &[isize], axis: isize) -> Result<Vec<Value>> {
    let axis = layout::axis("tensor_split", axis, x.layout.rank())?;
    let size = x.sizes()[axis] as isize;
    let place = |index: isize| {
        if index < 0 {
            index.saturating_add(size).max(0)
        } else {
            index.min(size)
        }
    };
    let mut start = 0;
    let ends = indices.iter().map(|&index| place(index)).chain([size]);
    let piece = |end: isize| {
        let from = std::mem::replace(&mut start, end);
        x.slice(axis, from as usize, (end - from).max(0) as usize, 1)
    };
    Ok(ends.map(piece).collect())
}

/// Every index of an axis, which goes.
pub(crate) fn unbind(x: &Value, axis: isize) -> Result<Vec<Value>> {
    let axis = layout::axis("unbind", axis, x.layout.rank())?;
    Ok((0..x.sizes()[axis]).map(|index| x.index_axis(axis, index)).collect())
}

/// The axis that `hsplit`, `vsplit` or `dsplit` cuts.
fn cut(operation: &'static str, x: &Value, axis: usize) -> Result<isize> {
    let rank = x.layout.rank();
    let least = match axis {
        0 => 2,
        1 => 1,
        _ => 3,
    };
    if rank < least {
        return Err(Error::shape(
            operation,
            format!("{least} axes or more"),
            describe(x.sizes()),
        ));
    }
    Ok(axis.min(rank - 1) as isize)
}

/// Pieces of the same length.
fn even(operation: &'static str, x: &Value, count: usize, axis: usize) -> Result<Vec<Value>> {
    let axis = cut(operation, x, axis)?;
    let size = x.sizes()[axis as usize];
    if count == 0 || !size.is_multiple_of(count) {
        return Err(Error::argument("count", format!("a number that divides {size}"), count));
    }
    tensor_split(x, count, axis)
}

macro_rules! cuts {
    ($($axis:literal $count:ident $at:ident, $along:literal, $second:literal;)*) => {
        $(
            #[doc = concat!("As many pieces of one length, along ", $along, "; views.")]
            ///
            /// # Errors
            /// Where there is no such axis, or its size cannot be divided so.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let x = Tensor::<Dynamic>::arange(0, 8, 1)?.reshape(&[2, 2, 2])?;
            #[doc = concat!("assert_eq!(x.", stringify!($count), "(2)?[1].to_vec()?, ", $second, ");")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $count(&self, count: usize) -> Result<Vec<Self>> {
                Ok(tensors(even(stringify!($count), self.value(), count, $axis)?))
            }

            #[doc = concat!("Pieces that begin at 0 and at each of the indices, along ", $along, "; views. PyTorch's `", stringify!($count), "` with indices.")]
            ///
            /// # Errors
            /// Where there is no such axis.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let x = Tensor::<Dynamic>::arange(0, 8, 1)?.reshape(&[2, 2, 2])?;
            #[doc = concat!("assert_eq!(x.", stringify!($at), "(&[1])?[1].to_vec()?, ", $second, ");")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $at(&self, indices: &[isize]) -> Result<Vec<Self>> {
                let axis = cut(stringify!($count), self.value(), $axis)?;
                Ok(tensors(tensor_split_at(self.value(), indices, axis)?))
            }
        )*
    };
}

fn tensors<T: Element>(values: Vec<Value>) -> Vec<Tensor<Dynamic, T>> {
    values.into_iter().map(Tensor::of).collect()
}

impl<T: Element> Tensor<Dynamic, T> {
    /// `length` indices of an axis from `start` on, which counts from the end where negative; a view.
    ///
    /// # Errors
    /// Where there is no such axis or range.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 1., 2., 3., 4.].into_dynamic().narrow(0, 1, 3)?.to_vec()?, [1., 2., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn narrow(&self, axis: isize, start: isize, length: usize) -> Result<Self> {
        narrow(self.value(), axis, start, length).map(Self::of)
    }

    /// One index of an axis, which goes: `[a, b, c]` to `[a, c]` along axis 1; a view.
    ///
    /// # Errors
    /// Where there is no such axis or index.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].into_dynamic().select(1, -1)?.to_vec()?, [2., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn select(&self, axis: isize, index: isize) -> Result<Self> {
        select(self.value(), axis, index).map(Self::of)
    }

    /// Pieces of `length` along an axis, of which the last may be shorter; views.
    ///
    /// # Errors
    /// Where there is no such axis, or `length` is 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let parts = tensor![0., 1., 2., 3., 4.].into_dynamic().split(2, 0)?;
    /// assert_eq!((parts.len(), parts[2].to_vec()?), (3, vec![4.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn split(&self, length: usize, axis: isize) -> Result<Vec<Self>> {
        Ok(tensors(split(self.value(), length, axis)?))
    }

    /// Pieces of the lengths given along an axis; views. PyTorch's `x.split(lengths)`, or `split_with_sizes`.
    ///
    /// # Errors
    /// Where there is no such axis, or the lengths are not the whole of it.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let parts = tensor![0., 1., 2., 3., 4.].into_dynamic().split_sizes(&[1, 4], 0)?;
    /// assert_eq!(parts[1].to_vec()?, [1., 2., 3., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn split_sizes(&self, lengths: &[usize], axis: isize) -> Result<Vec<Self>> {
        Ok(tensors(split_sizes(self.value(), lengths, axis)?))
    }

    /// `count` pieces along an axis, or fewer: all are `ceil(size / count)` long, save the last. Views.
    ///
    /// # Errors
    /// Where there is no such axis, or `count` is 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let parts = tensor![0., 1., 2., 3., 4.].into_dynamic().chunk(4, 0)?;
    /// assert_eq!((parts.len(), parts[2].to_vec()?), (3, vec![4.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn chunk(&self, count: usize, axis: isize) -> Result<Vec<Self>> {
        Ok(tensors(chunk(self.value(), count, axis)?))
    }

    /// Just `count` pieces along an axis, of which the first are longer by one where it cannot be divided; views.
    ///
    /// # Errors
    /// Where there is no such axis, or `count` is 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let parts = tensor![0., 1., 2., 3., 4.].into_dynamic().tensor_split(4, 0)?;
    /// assert_eq!((parts.len(), parts[0].to_vec()?), (4, vec![0., 1.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn tensor_split(&self, count: usize, axis: isize) -> Result<Vec<Self>> {
        Ok(tensors(tensor_split(self.value(), count, axis)?))
    }

    /// Pieces along an axis that begin at 0 and at each of the indices; views. Indices are as in a slice: those outside are cut, negative
    /// ones count from the end. PyTorch's `tensor_split` with indices.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let parts = tensor![0., 1., 2., 3., 4.].into_dynamic().tensor_split_at(&[1, -1], 0)?;
    /// assert_eq!((parts.len(), parts[1].to_vec()?), (3, vec![1., 2., 3.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn tensor_split_at(&self, indices: &[isize], axis: isize) -> Result<Vec<Self>> {
        Ok(tensors(tensor_split_at(self.value(), indices, axis)?))
    }

    /// Every index of an axis, which goes: `[a, b]` to `a` times `[b]` along axis 0; views.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let rows = tensor![[1., 2.], [3., 4.]].into_dynamic().unbind(0)?;
    /// assert_eq!((rows.len(), rows[1].to_vec()?), (2, vec![3., 4.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn unbind(&self, axis: isize) -> Result<Vec<Self>> {
        Ok(tensors(unbind(self.value(), axis)?))
    }

    cuts! {
        1 hsplit hsplit_at, "axis 1, of a vector along axis 0", "[2., 3., 6., 7.]";
        0 vsplit vsplit_at, "axis 0", "[4., 5., 6., 7.]";
        2 dsplit dsplit_at, "axis 2", "[1., 3., 5., 7.]";
    }
}
