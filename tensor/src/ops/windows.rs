//! Views in which elements are seen more than once: `unfold`, `as_strided`.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{self, describe, len};
use crate::ops::view::{Look, look};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;
use crate::tensors::sizes::{ToSizes, counts};

/// All windows of `size` along an axis, `step` apart, with the elements of a window as a last axis.
pub(crate) fn unfold(x: &Value, axis: isize, size: usize, step: usize) -> Result<Value> {
    let rank = x.layout.rank();
    let axis = layout::axis("unfold", axis, rank.max(1))?;
    let row = x.reshape(&[1]);
    let x = if rank == 0 { &row } else { x };
    if size > x.sizes()[axis] {
        return Err(Error::shape(
            "unfold",
            format!(
                "windows of at most {}, as axis {axis} of {} has",
                x.sizes()[axis],
                x.layout.describe()
            ),
            size.to_string(),
        ));
    }
    if step == 0 {
        return Err(Error::argument("step", "a number from 1 on", step));
    }
    let windows = look(
        x,
        Look::Windows {
            axis,
            size,
            step,
            dilation: 1,
        },
    );
    // A single number has one window, which is all there is.
    Ok(if rank == 0 { windows.reshape(&[size]) } else { windows })
}

/// Any sizes and strides over the elements in row-major order, all inside.
pub(crate) fn as_strided(x: &Value, sizes: &[isize], strides: &[isize], offset: usize) -> Result<Value> {
    let sizes = counts("as_strided", sizes)?;
    let found = || format!("sizes {}, strides {strides:?}, offset {offset}", describe(&sizes));
    let wrong = |expected: String| Error::shape("as_strided", expected, found());
    if sizes.len() != strides.len() {
        return Err(wrong("a stride for each size".to_owned()));
    }
    if strides.iter().any(|&stride| stride < 0) {
        return Err(wrong("strides from 0 on".to_owned()));
    }
    let last = sizes.iter().zip(strides).try_fold(offset, |last, (&size, &stride)| {
        size.saturating_sub(1).checked_mul(stride as usize)?.checked_add(last)
    });
    let inside = len(&sizes) == 0 || last.is_some_and(|last| last < x.len());
    if !inside || len(&sizes) == usize::MAX {
        return Err(wrong(format!(
            "places among the {} elements of {}",
            x.len(),
            x.layout.describe()
        )));
    }
    Ok(look(
        x,
        Look::Strided {
            offset: if len(&sizes) == 0 { 0 } else { offset },
            sizes,
            strides: strides.into(),
        },
    ))
}

impl<T: Element> Tensor<Dynamic, T> {
    /// All windows of `size` elements along an axis, `step` apart: `[a, n, c]` to `[a, (n - size) / step + 1, c, size]` along axis 1. A view.
    ///
    /// # Errors
    /// Where there is no such axis, it is shorter than `size`, or `step` is 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![0., 1., 2., 3., 4.].into_dynamic();
    /// assert_eq!(x.unfold(0, 2, 1)?, tensor![[0., 1.], [1., 2.], [2., 3.], [3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn unfold(&self, axis: isize, size: usize, step: usize) -> Result<Self> {
        unfold(self.value(), axis, size, step).map(Self::of)
    }

    /// The elements at `offset + i strides[0] + j strides[1] + ..` of this tensor's, in row-major order. A view, unless this tensor
    /// is not contiguous: strides count in what it is, not in memory that it may be a view of.
    ///
    /// # Errors
    /// Where a place is outside, or a stride negative.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![0., 1., 2., 3.].into_dynamic();
    /// assert_eq!(x.as_strided(&[2, 2], &[1, 2], 0)?, tensor![[0., 2.], [1., 3.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn as_strided(&self, sizes: impl ToSizes, strides: impl ToSizes, offset: usize) -> Result<Self> {
        as_strided(self.value(), &sizes.numbers(), &strides.numbers(), offset).map(Self::of)
    }
}
