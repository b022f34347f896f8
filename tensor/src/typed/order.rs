//! Elements in their order, and elements by their places.

use super::{known, known_pair};
use crate::element::Element;
use crate::error::Result;
use crate::shape::{Dim, One, Ranked, ReduceAxis, StaticDim, Within, Zero};
use crate::tensors::Tensor;

type Part<S, const AXIS: isize, Size> = <S as ReduceAxis<AXIS>>::With<Size>;
type AxisOf<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Axis;

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// The elements along an axis in their order, and where they were: `(values, indices)`. What is equal keeps its order; NaN is the
    /// largest. The gradient goes where they came from.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (values, places) = tensor![3., 1., 2.].sort::<0>(true);
    /// assert_eq!((values, places), (tensor![3., 2., 1.], tensor![0, 2, 1]));
    /// ```
    pub fn sort<const AXIS: isize>(&self, descending: bool) -> (Self, Tensor<S, i64>)
    where
        S: ReduceAxis<AXIS>,
    {
        known_pair(self.dynamic().sort(AXIS, descending))
    }

    /// Where the elements along an axis are in their order, as [`Tensor::sort`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![3., 1., 2.].argsort::<0>(false), tensor![1, 2, 0]);
    /// ```
    pub fn argsort<const AXIS: isize>(&self, descending: bool) -> Tensor<S, i64>
    where
        S: ReduceAxis<AXIS>,
    {
        known(self.dynamic().argsort(AXIS, descending))
    }

    /// The `K` largest elements along an axis, or the smallest, in their order, and where they were: `(values, indices)`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (values, places) = tensor![[3., 1., 2.], [4., 6., 5.]].topk::<-1, dim![2]>(true);
    /// assert_eq!((values, places), (tensor![[3., 2.], [6., 5.]], tensor![[0, 2], [1, 2]]));
    /// ```
    #[allow(clippy::type_complexity, reason = "values and indices of one shape")]
    pub fn topk<const AXIS: isize, K: StaticDim>(
        &self,
        largest: bool,
    ) -> (Tensor<Part<S, AXIS, K>, T>, Tensor<Part<S, AXIS, K>, i64>)
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Zero, K>,
    {
        known_pair(self.dynamic().topk(K::SIZE, AXIS, largest))
    }

    /// The smallest element but `Before` along an axis, which goes, and where it was: `(value, index)`. PyTorch's `kthvalue`, which counts
    /// from 1, so that it has `Before + 1`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (value, place) = tensor![[3., 1., 2.]].kthvalue::<1, dim![1]>(); // PyTorch's `kthvalue(2, 1)`.
    /// assert_eq!((value, place), (tensor![2.], tensor![2]));
    /// ```
    #[allow(clippy::type_complexity, reason = "values and indices of one shape")]
    pub fn kthvalue<const AXIS: isize, Before: StaticDim>(
        &self,
    ) -> (
        Tensor<<S as ReduceAxis<AXIS>>::Output, T>,
        Tensor<<S as ReduceAxis<AXIS>>::Output, i64>,
    )
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Before, One>,
    {
        known_pair(self.dynamic().kthvalue(Before::SIZE + 1, AXIS, false))
    }

    /// The indices `index` of an axis, in that order.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[3., 1., 2.]];
    /// assert_eq!(x.index_select::<1, _>(&tensor![2, 0])?, tensor![[2., 3.]]);
    /// assert!(x.index_select::<1, _>(&tensor![3]).is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where an index is out of range.
    pub fn index_select<const AXIS: isize, N: Dim>(
        &self,
        index: &Tensor<(N,), i64>,
    ) -> Result<Tensor<Part<S, AXIS, N>, T>>
    where
        S: ReduceAxis<AXIS>,
    {
        let axis = <S as ReduceAxis<AXIS>>::INDEX;
        crate::ops::gather::index_select(self.value(), axis, index.value()).map(Tensor::of)
    }
}
