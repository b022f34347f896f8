//! The axes in another order: `transpose`, `permute`, `movedim`. All are views.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{self, Axes, describe};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// Two axes exchanged. A single number has one axis to name.
pub(crate) fn transpose(x: &Value, a: isize, b: isize) -> Result<Value> {
    let rank = x.layout.rank();
    let (a, b) = (
        layout::axis("transpose", a, rank.max(1))?,
        layout::axis("transpose", b, rank.max(1))?,
    );
    Ok(if rank == 0 { x.clone() } else { x.transpose(a, b) })
}

/// Axes as indices, each there and none twice.
pub(crate) fn distinct(operation: &'static str, axes: &[isize], rank: usize) -> Result<Axes<usize>> {
    let found: Axes<usize> = axes
        .iter()
        .map(|&axis| layout::axis(operation, axis, rank))
        .collect::<Result<_>>()?;
    if (1..found.len()).any(|at| found[..at].contains(&found[at])) {
        return Err(Error::shape(operation, "each axis once", format!("axes {axes:?}")));
    }
    Ok(found)
}

/// Axis `i` of the result is axis `order[i]`.
pub(crate) fn permute(x: &Value, order: &[isize]) -> Result<Value> {
    let rank = x.layout.rank();
    if order.len() != rank {
        return Err(Error::shape(
            "permute",
            format!("the {rank} axes of {}", describe(x.sizes())),
            format!("{order:?}"),
        ));
    }
    Ok(x.permute(&distinct("permute", order, rank)?))
}

/// The axes `from` at the places `to`; the others in their order around them.
pub(crate) fn movedim(x: &Value, from: &[isize], to: &[isize]) -> Result<Value> {
    if from.len() != to.len() {
        return Err(Error::shape(
            "movedim",
            format!("a place for each of the axes {from:?}"),
            format!("{to:?}"),
        ));
    }
    let rank = x.layout.rank();
    if rank == 0 && from.len() == 1 {
        distinct("movedim", from, 1)?;
        distinct("movedim", to, 1)?;
        return Ok(x.clone());
    }
    let (from, to) = (distinct("movedim", from, rank)?, distinct("movedim", to, rank)?);
    let mut others = (0..rank).filter(|axis| !from.contains(axis));
    let order: Axes<usize> = (0..rank)
        .filter_map(|place| match to.iter().position(|&to| to == place) {
            Some(index) => Some(from[index]),
            None => others.next(),
        })
        .collect();
    Ok(x.permute(&order))
}

/// The two axes of a matrix exchanged; what has fewer axes as it is.
pub(crate) fn t(x: &Value) -> Result<Value> {
    match x.layout.rank() {
        0 | 1 => Ok(x.clone()),
        2 => Ok(x.transpose(0, 1)),
        _ => Err(Error::shape("t", "two axes at most", describe(x.sizes()))),
    }
}

/// The last two axes exchanged.
pub(crate) fn mt(x: &Value) -> Result<Value> {
    match x.layout.rank() {
        0 | 1 => Err(Error::shape("mt", "two axes or more", describe(x.sizes()))),
        rank => Ok(x.transpose(rank - 2, rank - 1)),
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// Two axes exchanged; nothing moves. Negative axes count from the end.
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]].into_dynamic();
    /// assert_eq!(x.transpose(0, -1)?, tensor![[1., 4.], [2., 5.], [3., 6.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn transpose(&self, a: isize, b: isize) -> Result<Self> {
        transpose(self.value(), a, b).map(Self::of)
    }

    /// The same as [`transpose`](Self::transpose).
    ///
    /// # Errors
    /// Where there is no such axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]].into_dynamic();
    /// assert_eq!(x.swapaxes(0, 1)?, tensor![[1., 4.], [2., 5.], [3., 6.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn swapaxes(&self, a: isize, b: isize) -> Result<Self> {
        self.transpose(a, b)
    }

    /// The axes in another order: axis `i` of the result is axis `order[i]`; nothing moves.
    ///
    /// # Errors
    /// Where `order` does not name each axis once.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 2.], [3., 4.]]].into_dynamic();
    /// assert_eq!(x.permute(&[2, 0, 1])?, tensor![[[1., 3.]], [[2., 4.]]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn permute(&self, order: &[isize]) -> Result<Self> {
        permute(self.value(), order).map(Self::of)
    }

    /// The axes `from` at the places `to`, the others in their order around them; nothing moves.
    ///
    /// # Errors
    /// Where there is no such axis, one is named twice, or there are not as many places as axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 2.], [3., 4.]]].into_dynamic();
    /// assert_eq!(x.movedim(&[0], &[-1])?, tensor![[[1.], [2.]], [[3.], [4.]]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn movedim(&self, from: &[isize], to: &[isize]) -> Result<Self> {
        movedim(self.value(), from, to).map(Self::of)
    }

    /// A matrix with its axes exchanged, `[m, n]` to `[n, m]`; a vector or a single number as it is.
    ///
    /// # Errors
    /// Where there are more axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.], [4., 5., 6.]].into_dynamic();
    /// assert_eq!(x.t()?, tensor![[1., 4.], [2., 5.], [3., 6.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn t(&self) -> Result<Self> {
        t(self.value()).map(Self::of)
    }

    /// The last two axes exchanged, `[.., m, n]` to `[.., n, m]`. PyTorch's `x.mT`.
    ///
    /// # Errors
    /// Where there are fewer axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 2.], [3., 4.]]].into_dynamic();
    /// assert_eq!(x.mt()?, tensor![[[1., 3.], [2., 4.]]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn mt(&self) -> Result<Self> {
        mt(self.value()).map(Self::of)
    }
}
