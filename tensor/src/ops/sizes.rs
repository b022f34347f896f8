//! The same elements with other sizes: `view`, `reshape`, `flatten`, `unflatten`, `squeeze`, `unsqueeze`.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{self, Axes, describe, len};
use crate::ops::view;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;
use crate::tensors::sizes::{ToSizes, inferred};

/// Other sizes, of which one may be -1; a view where the strides allow it.
pub(crate) fn reshape(x: &Value, sizes: &[isize]) -> Result<Value> {
    Ok(view::reshape(x, &inferred("reshape", x.sizes(), sizes)?))
}

/// Other sizes, of which one may be -1, without a copy.
pub(crate) fn view(x: &Value, sizes: &[isize]) -> Result<Value> {
    let sizes = inferred("view", x.sizes(), sizes)?;
    if x.layout.reshaped(&sizes).is_none() {
        return Err(Error::shape(
            "view",
            format!(
                "strides that let {} be seen as {} (`reshape` copies where they do not)",
                x.layout.describe(),
                describe(&sizes)
            ),
            format!("strides {:?}", x.layout.strides()),
        ));
    }
    Ok(view::reshape(x, &sizes))
}

/// The axes from `start` to `end`, both with them, as one. What has no axis gets one.
pub(crate) fn flatten(x: &Value, start: isize, end: isize) -> Result<Value> {
    let rank = x.layout.rank();
    let (start, end) = (
        layout::axis("flatten", start, rank.max(1))?,
        layout::axis("flatten", end, rank.max(1))?,
    );
    if rank == 0 {
        return Ok(x.reshape(&[1]));
    }
    if start > end {
        return Err(Error::argument("end", format!("an axis from {start} on"), end));
    }
    let mut sizes: Axes<usize> = x.sizes()[..start].into();
    sizes.push(len(&x.sizes()[start..=end]));
    sizes.extend_from_slice(&x.sizes()[end + 1..]);
    Ok(x.reshape(&sizes))
}

/// One axis as several, of which one may be -1.
pub(crate) fn unflatten(x: &Value, axis: isize, sizes: &[isize]) -> Result<Value> {
    let axis = layout::axis("unflatten", axis, x.layout.rank())?;
    if sizes.is_empty() {
        return Err(Error::shape("unflatten", "one size or more", "[]"));
    }
    let parts = inferred("unflatten", &x.sizes()[axis..=axis], sizes)?;
    let mut sizes: Axes<usize> = x.sizes().into();
    sizes.remove(axis);
    sizes.insert_many(axis, parts);
    Ok(x.reshape(&sizes))
}

/// Without those of some axes that are of size 1.
pub(crate) fn squeeze(x: &Value, axes: &[isize]) -> Result<Value> {
    let rank = x.layout.rank();
    let mut gone: Axes<bool> = Axes::from_elem(false, rank.max(1));
    for &axis in axes {
        let axis = layout::axis("squeeze", axis, rank.max(1))?;
        if std::mem::replace(&mut gone[axis], true) {
            return Err(Error::argument("axes", "each axis once", format!("{axes:?}")));
        }
    }
    let kept = x.sizes().iter().zip(&gone).filter(|&(&size, &gone)| size != 1 || !gone);
    let sizes: Axes<usize> = kept.map(|(&size, _)| size).collect();
    Ok(x.reshape(&sizes))
}

/// A new axis of size 1 in front of `axis`; -1 is behind the last.
pub(crate) fn unsqueeze(x: &Value, axis: isize) -> Result<Value> {
    let axis = layout::axis("unsqueeze", axis, x.layout.rank() + 1)?;
    Ok(x.unsqueeze(axis))
}

/// With at least `rank` axes: `[n]` becomes `[1, n]` and `[1, n, 1]`, `[m, n]` becomes `[m, n, 1]`.
pub(crate) fn at_least(x: &Value, rank: usize) -> Value {
    match (x.sizes(), rank) {
        (&[], 1..) => x.reshape(&[1, 1, 1][..rank]),
        (&[n], 2) => x.reshape(&[1, n]),
        (&[n], 3) => x.reshape(&[1, n, 1]),
        (&[m, n], 3) => x.reshape(&[m, n, 1]),
        _ => x.clone(),
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The same elements, row by row, with other sizes: a view where the strides allow it, else a copy. One size may be -1: what the
    /// others leave. `()` is no axis.
    ///
    /// # Errors
    /// Where the products of the sizes differ, or -1 has no answer.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3., 4., 5., 6.].into_dynamic();
    /// assert_eq!(x.reshape(&[2, -1])?, tensor![[1., 2., 3.], [4., 5., 6.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn reshape(&self, sizes: impl ToSizes) -> Result<Self> {
        reshape(self.value(), &sizes.numbers()).map(Self::of)
    }

    /// The same elements in the same memory, row by row, with other sizes, of which one may be -1.
    ///
    /// # Errors
    /// As [`reshape`](Self::reshape), and where no strides show the elements so: of a transposed tensor, say.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]].into_dynamic();
    /// assert_eq!(x.view(&[-1])?.to_vec()?, [1., 2., 3., 4., 5., 6.]);
    /// assert!(x.transpose(0, 1)?.view(&[6]).is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn view(&self, sizes: impl ToSizes) -> Result<Self> {
        view(self.value(), &sizes.numbers()).map(Self::of)
    }

    /// [`view`](Self::view) with the sizes of another tensor.
    ///
    /// # Errors
    /// As `view`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3., 4.].into_dynamic();
    /// assert_eq!(x.view_as(&tensor![[0, 0], [0, 0]])?, tensor![[1., 2.], [3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn view_as<U: Element>(&self, other: &Tensor<impl Shape, U>) -> Result<Self> {
        self.view(other.sizes())
    }

    /// [`reshape`](Self::reshape) with the sizes of another tensor.
    ///
    /// # Errors
    /// As `reshape`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3., 4.].into_dynamic();
    /// assert_eq!(x.reshape_as(&tensor![[0, 0], [0, 0]])?, tensor![[1., 2.], [3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn reshape_as<U: Element>(&self, other: &Tensor<impl Shape, U>) -> Result<Self> {
        self.reshape(other.sizes())
    }

    /// The axes from `start` to `end`, both with them, as one: `[a, b, c]` to `[a, b c]` by `flatten(1, -1)`. A tensor without axes gets
    /// one.
    ///
    /// # Errors
    /// Where there is no such axis, or `end` is in front of `start`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 2.], [3., 4.]]].into_dynamic();
    /// assert_eq!(x.flatten(1, -1)?, tensor![[1., 2., 3., 4.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn flatten(&self, start: isize, end: isize) -> Result<Self> {
        flatten(self.value(), start, end).map(Self::of)
    }

    /// All axes as one. PyTorch's `x.ravel()`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].into_dynamic().ravel(), tensor![1., 2., 3., 4.].into_dynamic());
    /// ```
    pub fn ravel(&self) -> Self {
        Self::of(self.value().reshape(&[self.len()]))
    }

    /// One axis as several, of which one size may be -1: `[a, 6]` to `[a, 2, 3]` by `unflatten(1, &[2, 3])`.
    ///
    /// # Errors
    /// Where there is no such axis, or the product of the sizes is not its size.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3., 4.]].into_dynamic();
    /// assert_eq!(x.unflatten(1, &[2, -1])?, tensor![[[1., 2.], [3., 4.]]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn unflatten(&self, axis: isize, sizes: impl ToSizes) -> Result<Self> {
        unflatten(self.value(), axis, &sizes.numbers()).map(Self::of)
    }

    /// Without the axes of size 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[[1.], [2.]]].into_dynamic().squeeze(), tensor![1., 2.].into_dynamic());
    /// ```
    pub fn squeeze(&self) -> Self {
        let sizes: Axes<usize> = self.sizes().iter().copied().filter(|&size| size != 1).collect();
        Self::of(self.value().reshape(&sizes))
    }

    /// Without one axis, if it is of size 1; else as it is. PyTorch's `x.squeeze(axis)`.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1.], [2.]]].into_dynamic();
    /// assert_eq!(x.squeeze_axis(0)?, tensor![[1.], [2.]].into_dynamic());
    /// assert_eq!(x.squeeze_axis(1)?, x);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn squeeze_axis(&self, axis: isize) -> Result<Self> {
        squeeze(self.value(), &[axis]).map(Self::of)
    }

    /// Without those of some axes that are of size 1. PyTorch's `x.squeeze(axes)`.
    ///
    /// # Errors
    /// Where there is no such axis, or one is named twice.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1.], [2.]]].into_dynamic();
    /// assert_eq!(x.squeeze_axes(&[0, -1])?, tensor![1., 2.].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn squeeze_axes(&self, axes: &[isize]) -> Result<Self> {
        squeeze(self.value(), axes).map(Self::of)
    }

    /// With a new axis of size 1 in front of `axis`; -1 is behind the last.
    ///
    /// # Errors
    /// Where there is no such place.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].into_dynamic();
    /// assert_eq!(x.unsqueeze(0)?, tensor![[1., 2.]].into_dynamic());
    /// assert_eq!(x.unsqueeze(-1)?, tensor![[1.], [2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn unsqueeze(&self, axis: isize) -> Result<Self> {
        unsqueeze(self.value(), axis).map(Self::of)
    }

    /// With at least one axis: a single number becomes `[1]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::scalar(3.).into_dynamic().atleast_1d(), tensor![3.].into_dynamic());
    /// ```
    pub fn atleast_1d(&self) -> Self {
        Self::of(at_least(self.value(), 1))
    }

    /// With at least two axes: `[n]` becomes `[1, n]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].into_dynamic().atleast_2d(), tensor![[1., 2.]].into_dynamic());
    /// ```
    pub fn atleast_2d(&self) -> Self {
        Self::of(at_least(self.value(), 2))
    }

    /// With at least three axes: `[n]` becomes `[1, n, 1]`, `[m, n]` becomes `[m, n, 1]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].into_dynamic().atleast_3d(), tensor![[[1.], [2.]]].into_dynamic());
    /// ```
    pub fn atleast_3d(&self) -> Self {
        Self::of(at_least(self.value(), 3))
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// How far apart in memory the neighbours along each axis are, in elements. PyTorch's `x.stride()`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]];
    /// assert_eq!(x.strides(), [3, 1]);
    /// assert!(!x.t::<dims![3, 2]>().is_contiguous());
    /// ```
    pub fn strides(&self) -> &[isize] {
        self.value().layout.strides()
    }

    /// Whether the elements lie row by row without gaps.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]];
    /// assert!(x.is_contiguous() && !x.t::<dims![3, 2]>().is_contiguous());
    /// ```
    pub fn is_contiguous(&self) -> bool {
        self.value().layout.is_contiguous()
    }

    /// How far the first element lies behind the start of the memory that the tensor is part of, in elements.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3., 4.].into_dynamic();
    /// assert_eq!(x.narrow(0, 2, 2)?.storage_offset(), 2);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn storage_offset(&self) -> usize {
        self.value().offset
    }

    /// Whether this and another tensor look at the same memory: for tests of what is a view.
    #[doc(hidden)]
    pub fn shares_memory_with<U: Shape>(&self, other: &Tensor<U, T>) -> bool {
        self.value().buffer.shares_memory(&other.value().buffer)
    }
}
