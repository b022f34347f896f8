//! Tensors whose numbers follow from their places, with sizes from the type.

use super::known;
use crate::element::{Element, Numeric};
use crate::shape::{Ranked, ReduceAxis, StaticDim, StaticShape};
use crate::tensors::{Number, Tensor, counted};

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// `start, start + step, ..`, as many as there are: PyTorch's `arange` with a number in place of an end.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![3], i64>::counting(5, -2), tensor![5, 3, 1]);
    /// ```
    pub fn counting(start: impl Into<Number>, step: impl Into<Number>) -> Self
    where
        S: StaticShape + ReduceAxis<0, Output = ()>,
    {
        known(counted(start.into(), step.into(), S::LEN))
    }

    /// Numbers from `start` to `end`, both with them, at equal distances: PyTorch's `linspace`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![5]>::spaced(-1, 1), tensor![-1., -0.5, 0., 0.5, 1.]);
    /// ```
    pub fn spaced(start: impl Into<Number>, end: impl Into<Number>) -> Self
    where
        S: StaticShape + ReduceAxis<0, Output = ()>,
    {
        known(Tensor::linspace(start, end, S::LEN))
    }

    /// Numbers from `base^start` to `base^end`, both with them, at equal ratios: PyTorch's `logspace`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![3]>::log_spaced(0, 2, 10.), tensor![1., 10., 100.]);
    /// ```
    pub fn log_spaced(start: impl Into<Number>, end: impl Into<Number>, base: f64) -> Self
    where
        S: StaticShape + ReduceAxis<0, Output = ()>,
    {
        known(Tensor::logspace(start, end, S::LEN, base))
    }
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// A matrix with 1 on its diagonal: PyTorch's `eye`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![2, 3]>::identity(), tensor![[1., 0., 0.], [0., 1., 0.]]);
    /// ```
    pub fn identity() -> Self
    where
        S: StaticShape + ReduceAxis<0, Output: ReduceAxis<0, Output = ()>>,
    {
        known(Tensor::eye(S::SIZES[0], S::SIZES[1]))
    }
}

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// The powers of a vector as columns, `[n]` to `[n, columns]`: the highest first, unless `increasing`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![2., 3.].vander::<dim![3]>(false), tensor![[4., 2., 1.], [9., 3., 1.]]);
    /// ```
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn vander<Columns: StaticDim>(&self, increasing: bool) -> Tensor<(<S as ReduceAxis<0>>::Axis, Columns), T>
    where
        S: ReduceAxis<0, Output = ()>,
    {
        known(self.dynamic().vander(Columns::SIZE, increasing))
    }
}
