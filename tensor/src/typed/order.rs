//! Elements in their order, and elements by their places.

use super::{known, known_pair, named};
use crate::element::{Differentiable, Element};
use crate::error::Result;
use crate::ops::names;
use crate::ops::sorting::Interpolation;
use crate::shape::{Dim, InsertAxis, One, Ranked, ReduceAxis, Shape, StaticDim, Within, Zero};
use crate::tape::Value;
use crate::tensors::Tensor;

type Part<S, const AXIS: isize, Size> = <S as ReduceAxis<AXIS>>::With<Size>;
type Without<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Output;
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

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// The quantile `q`, from 0 to 1, along an axis, which goes: the element of rank `q (n - 1)`, or what lies between two. NaN wins.
    ///
    /// ```
    /// use tensor::Interpolation;
    /// use tensor::prelude::*;
    /// let x = tensor![[0., 1., 2., 3.], [4., 6., 5., 7.]];
    /// assert_eq!(x.quantile::<1>(0.5, Interpolation::Linear)?, tensor![1.5, 5.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no element, or `q` is outside.
    pub fn quantile<const AXIS: isize>(&self, q: f64, between: Interpolation) -> Result<Tensor<Without<S, AXIS>, T>>
    where
        S: ReduceAxis<AXIS>,
    {
        named(self.dynamic().quantile(q, Some(AXIS), false, between))
    }

    /// The quantile of what is not NaN, as [`Tensor::quantile`]; of NaN alone it is NaN.
    ///
    /// ```
    /// use tensor::Interpolation;
    /// use tensor::prelude::*;
    /// let x = tensor![[0., f32::NAN, 2.]];
    /// assert_eq!(x.nanquantile::<1>(0.5, Interpolation::Linear)?, tensor![1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As there.
    pub fn nanquantile<const AXIS: isize>(&self, q: f64, between: Interpolation) -> Result<Tensor<Without<S, AXIS>, T>>
    where
        S: ReduceAxis<AXIS>,
    {
        let q = Tensor::of(Value::number(self.device(), T::DTYPE, q));
        named(self.dynamic().nanquantiles(&q, Some(AXIS), false, between))
    }

    /// Several quantiles, as [`Tensor::quantile`]: the axis of `q` stands in front. `q` has a gradient as well. PyTorch's `quantile` with a
    /// tensor.
    ///
    /// ```
    /// use tensor::Interpolation;
    /// use tensor::prelude::*;
    /// let x = tensor![[0., 1., 2., 3.], [4., 6., 5., 7.]];
    /// let y: Tensor<dims![3, 2]> = x.quantiles::<1, _>(&tensor![0., 0.5, 1.], Interpolation::Linear)?;
    /// assert_eq!(y, tensor![[0., 4.], [1.5, 5.5], [3., 7.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no element, one of `q` is outside, or two values of one named size differ.
    #[allow(clippy::type_complexity, reason = "one axis goes, another comes")]
    pub fn quantiles<const AXIS: isize, Q: Dim>(
        &self,
        q: &Tensor<(Q,), T>,
        between: Interpolation,
    ) -> Result<Tensor<<Without<S, AXIS> as InsertAxis<0>>::Output<Q>, T>>
    where
        S: ReduceAxis<AXIS>,
        Without<S, AXIS>: InsertAxis<0>,
    {
        names::agree("quantile", S::AXES, self.sizes(), <(Q,) as Shape>::AXES, q.sizes())?;
        named(self.dynamic().quantiles(&q.dynamic(), Some(AXIS), false, between))
    }

    /// Several quantiles of what is not NaN, as [`Tensor::quantiles`]; of NaN alone they are NaN. PyTorch's `nanquantile` with a tensor.
    ///
    /// ```
    /// use tensor::Interpolation;
    /// use tensor::prelude::*;
    /// let x = tensor![[0., f32::NAN, 2.]];
    /// assert_eq!(x.nanquantiles::<1, _>(&tensor![0.5, 1.], Interpolation::Linear)?, tensor![[1.], [2.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As there.
    #[allow(clippy::type_complexity, reason = "one axis goes, another comes")]
    pub fn nanquantiles<const AXIS: isize, Q: Dim>(
        &self,
        q: &Tensor<(Q,), T>,
        between: Interpolation,
    ) -> Result<Tensor<<Without<S, AXIS> as InsertAxis<0>>::Output<Q>, T>>
    where
        S: ReduceAxis<AXIS>,
        Without<S, AXIS>: InsertAxis<0>,
    {
        names::agree("nanquantile", S::AXES, self.sizes(), <(Q,) as Shape>::AXES, q.sizes())?;
        named(self.dynamic().nanquantiles(&q.dynamic(), Some(AXIS), false, between))
    }
}
