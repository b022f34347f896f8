//! Places in what is sorted, and elements where a mask holds.

use super::{agree, known, named};
use crate::element::{Element, Numeric};
use crate::error::Result;
use crate::ops::index::Fill;
use crate::shape::{Broadcast, BroadcastWith, Dim, Ranked, ReduceAxis, SameShape, SearchedIn};
use crate::tensors::Tensor;

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// A value where the mask holds, the elements elsewhere; both broadcast. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.masked_fill(&tensor![true, false], 0.), tensor![[0., 2.], [0., 4.]]);
    /// ```
    #[track_caller]
    pub fn masked_fill<Q: Ranked>(&self, mask: &Tensor<Q, bool>, value: impl Fill<T>) -> Tensor<Broadcast<S, Q>, T>
    where
        S: BroadcastWith<Q>,
    {
        agree("masked_fill", S::AXES, self.sizes(), Q::AXES, mask.sizes());
        known(self.dynamic().masked_fill(mask, value))
    }

    /// The elements of `source`, one after the other, where the mask holds, those of this tensor elsewhere; mask and tensor broadcast.
    /// Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3.];
    /// assert_eq!(x.masked_scatter(&tensor![true, false, true], &tensor![7., 8.])?, tensor![7., 2., 8.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where `source` has too few elements.
    #[track_caller]
    pub fn masked_scatter<Q: Ranked, R: Ranked>(
        &self,
        mask: &Tensor<Q, bool>,
        source: &Tensor<R, T>,
    ) -> Result<Tensor<Broadcast<S, Q>, T>>
    where
        S: BroadcastWith<Q>,
    {
        agree("masked_scatter", S::AXES, self.sizes(), Q::AXES, mask.sizes());
        named(self.dynamic().masked_scatter(mask, source))
    }

    /// The elements at places along an axis, such as [`Tensor::argsort`] gives; the other axes are the same. Panics where two values of
    /// one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[3., 1., 2.]];
    /// assert_eq!(x.take_along_dim::<1, _>(&tensor![[1, 2]])?, tensor![[1., 2.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a place is out of range.
    #[track_caller]
    pub fn take_along_dim<const AXIS: isize, Q>(&self, index: &Tensor<Q, i64>) -> Result<Tensor<Q, T>>
    where
        S: ReduceAxis<AXIS>,
        Q: Ranked + ReduceAxis<AXIS>,
        <S as ReduceAxis<AXIS>>::Kept: SameShape<<Q as ReduceAxis<AXIS>>::Kept>,
    {
        agree("take_along_dim", S::AXES, self.sizes(), Q::AXES, index.sizes());
        named(self.dynamic().take_along_dim(index, Some(AXIS)))
    }

    /// The elements in rising order along the first axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[3., 1.], [2., 4.]].msort(), tensor![[2., 1.], [3., 4.]]);
    /// ```
    pub fn msort(&self) -> Self
    where
        S: ReduceAxis<0>,
    {
        known(self.dynamic().msort())
    }
}

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// Where each of `values` would go in this sequence, which is sorted along its last axis: before all elements that equal it, or, where
    /// `right`, behind them. Either the sequence has one axis, or both have the same axes but the last. Panics where two values of one
    /// named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 3., 5.].searchsorted(&tensor![[3., 9.]], false), tensor![[1, 3]]);
    /// ```
    #[track_caller]
    pub fn searchsorted<Q>(&self, values: &Tensor<Q, T>, right: bool) -> Tensor<Q, i64>
    where
        Q: Ranked + SearchedIn<S>,
    {
        agree("searchsorted", S::AXES, self.sizes(), Q::AXES, values.sizes());
        known(self.dynamic().searchsorted(&values.dynamic(), right))
    }

    /// [`Tensor::searchsorted`] in a sequence that is not sorted: `sorter` has the places of its elements in their order.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![5., 1., 3.];
    /// assert_eq!(x.searchsorted_by(&x.argsort::<0>(false), &tensor![4.], false)?, tensor![2]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a place is out of range.
    #[track_caller]
    pub fn searchsorted_by<Q>(
        &self,
        sorter: &Tensor<S, i64>,
        values: &Tensor<Q, T>,
        right: bool,
    ) -> Result<Tensor<Q, i64>>
    where
        Q: Ranked + SearchedIn<S>,
    {
        agree("searchsorted_by", S::AXES, self.sizes(), S::AXES, sorter.sizes());
        agree("searchsorted_by", S::AXES, self.sizes(), Q::AXES, values.sizes());
        let (sorter, values) = (sorter.dynamic(), values.dynamic());
        named(self.dynamic().searchsorted_by(&sorter, &values, right))
    }

    /// How many of the boundaries, which are sorted, are below each element, or, where `right`, not above it.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[3., 9.]].bucketize(&tensor![1., 3., 5.], true), tensor![[2, 3]]);
    /// ```
    pub fn bucketize<N: Dim>(&self, boundaries: &Tensor<(N,), T>, right: bool) -> Tensor<S, i64> {
        known(self.dynamic().bucketize(&boundaries.dynamic(), right))
    }
}
