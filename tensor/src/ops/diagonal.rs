//! Diagonals: seen as an axis, and made of one.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::{Axes, MOST, describe, len};
use crate::ops::permute::distinct;
use crate::ops::view::{Look, look, unlook};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The elements of two axes whose indices differ by `offset`, as a last axis; a view.
pub(crate) fn diagonal(x: &Value, offset: isize, a: isize, b: isize) -> Result<Value> {
    let axes = distinct("diagonal", &[a, b], x.layout.rank())?;
    let (rows, columns) = (x.sizes()[axes[0]] as isize, x.sizes()[axes[1]] as isize);
    // Beyond the corner there is nothing, however far.
    let offset = offset.clamp(-rows, columns);
    Ok(look(
        x,
        Look::Diagonal {
            a: axes[0],
            b: axes[1],
            offset,
        },
    ))
}

/// The last axis as the diagonal of two new axes, 0 elsewhere.
pub(crate) fn diag_embed(x: &Value, offset: isize, a: isize, b: isize) -> Result<Value> {
    let rank = x.layout.rank();
    let Some(&length) = x.sizes().last() else {
        return Err(Error::shape("diag_embed", "one axis or more", describe(x.sizes())));
    };
    let axes = distinct("diag_embed", &[a, b], rank + 1)?;
    let size = length.saturating_add(offset.unsigned_abs());
    let mut sizes: Axes<usize> = x.sizes()[..rank - 1].into();
    for axis in [axes[0].min(axes[1]), axes[0].max(axes[1])] {
        sizes.insert(axis, size);
    }
    if len(&sizes) > MOST {
        return Err(Error::argument("offset", "a matrix that fits into memory", offset));
    }
    let place = Look::Diagonal {
        a: axes[0],
        b: axes[1],
        offset,
    };
    Ok(unlook(x, place, &sizes))
}

/// The diagonal of a matrix; of a vector, the matrix that has it as its diagonal.
pub(crate) fn diag(x: &Value, offset: isize) -> Result<Value> {
    match x.layout.rank() {
        1 => diag_embed(x, offset, 0, 1),
        2 => diagonal(x, offset, 0, 1),
        _ => Err(Error::shape("diag", "one axis or two", describe(x.sizes()))),
    }
}

impl<T: Element> Tensor<Dynamic, T> {
    /// The elements whose index along axis `b` is larger by `offset` than that along axis `a`, as a new last axis; a view.
    ///
    /// # Errors
    /// Where there are no such axes, or both are one.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.diagonal(0, 0, 1)?.to_vec()?, [1., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn diagonal(&self, offset: isize, a: isize, b: isize) -> Result<Self> {
        diagonal(self.value(), offset, a, b).map(Self::of)
    }

    /// The last axis as the diagonal of a matrix along two new axes `a` and `b`, 0 elsewhere: `[.., n]` to `[.., n, n]` by
    /// `diag_embed(0, -2, -1)`.
    ///
    /// # Errors
    /// Where there are no such places for axes, or both are one.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].into_dynamic();
    /// assert_eq!(x.diag_embed(0, -2, -1)?, tensor![[1., 0.], [0., 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn diag_embed(&self, offset: isize, a: isize, b: isize) -> Result<Self> {
        diag_embed(self.value(), offset, a, b).map(Self::of)
    }

    /// The diagonal of a matrix, `offset` above the main one; of a vector, the matrix that has it there.
    ///
    /// # Errors
    /// Where there are other than one or two axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]].into_dynamic();
    /// assert_eq!(x.diag(1)?.to_vec()?, [2.]);
    /// assert_eq!(x.diag(1)?.diag(-1)?, tensor![[0., 0.], [2., 0.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn diag(&self, offset: isize) -> Result<Self> {
        diag(self.value(), offset).map(Self::of)
    }

    /// The matrix that has all elements, in a row, on its diagonal.
    ///
    /// # Errors
    /// Where the matrix would not fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1.], [2.]].into_dynamic();
    /// assert_eq!(x.diagflat(0)?, tensor![[1., 0.], [0., 2.]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn diagflat(&self, offset: isize) -> Result<Self> {
        diag_embed(&self.value().reshape(&[self.len()]), offset, 0, 1).map(Self::of)
    }
}
