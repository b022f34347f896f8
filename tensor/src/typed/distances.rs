//! Distances, and how much variables vary together.

use super::{agree, known, known_pair, named};
use crate::element::{Differentiable, Numeric};
use crate::error::Result;
use crate::shape::{
    BroadcastWith, Dim, DistantFrom, InPairs, One, Ranked, ReduceAxes, ReduceAxis, Variables, Within, Zero,
};
use crate::tensors::Tensor;

type AxisOf<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Axis;
/// A shape with an axis shorter by one.
type Shorter<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::With<<AxisOf<S, AXIS> as Within<Zero, One>>::Rest>;

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// The norm of order `p` of the difference, broadcast: a number. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![3., 0.].dist(&tensor![0., 4.], 2.).item()?, 5.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn dist<R>(&self, other: &Tensor<R, T>, p: f64) -> Tensor<(), T>
    where
        R: Ranked,
        S: BroadcastWith<R>,
    {
        agree("dist", S::AXES, self.sizes(), R::AXES, other.sizes());
        known(self.dynamic().dist(&other.dynamic(), p))
    }

    /// The distance of order `p` of each point from each of others: `[.., m, d] [.., n, d]` to `[.., m, n]`. Panics where two values of one
    /// named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[0., 0.], [3., 4.]];
    /// assert_eq!(x.cdist(&tensor![[3., 0.]], 1.)?, tensor![[3.], [4.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where `p` is below 0 or NaN.
    #[track_caller]
    pub fn cdist<R>(&self, other: &Tensor<R, T>, p: f64) -> Result<Tensor<<R as DistantFrom<S>>::Output, T>>
    where
        R: Ranked + DistantFrom<S>,
    {
        agree("cdist", S::AXES, self.sizes(), R::AXES, other.sizes());
        named(self.dynamic().cdist(&other.dynamic(), p))
    }

    /// With every slice along an axis whose norm over all others is above `max_norm` shortened to it.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[3., 4.], [0.3, 0.4]].renorm::<0>(2., 1.)?;
    /// tensor::testing::assert_close(&x, &tensor![[0.6, 0.8], [0.3, 0.4]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is one axis alone, `p` is not above 0, or `max_norm` below.
    pub fn renorm<const AXIS: isize>(&self, p: f64, max_norm: f64) -> Result<Self>
    where
        S: ReduceAxis<AXIS>,
    {
        named(self.dynamic().renorm(p, AXIS, max_norm))
    }

    /// The covariances of variables, a row each: `[n, observations]` to `[n, n]`, `[observations]` to `[]`. PyTorch's default correction is 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[0., 1., 2.], [2., 1., 0.]].cov(1.), tensor![[1., -1.], [-1., 1.]]);
    /// ```
    pub fn cov(&self, correction: f64) -> Tensor<<S as Variables>::Pairs, T>
    where
        S: Variables,
    {
        known(self.dynamic().cov(correction))
    }

    /// The correlations of variables, [`Tensor::cov`] over the standard deviations of both.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[0., 1., 2.], [4., 2., 0.]].corrcoef(), tensor![[1., -1.], [-1., 1.]]);
    /// ```
    pub fn corrcoef(&self) -> Tensor<<S as Variables>::Pairs, T>
    where
        S: Variables,
    {
        known(self.dynamic().corrcoef())
    }

    /// The area under lines between neighbours along an axis, which goes, at equal distances.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 3., 5.]].trapezoid::<1>(2.), tensor![12.]);
    /// ```
    pub fn trapezoid<const AXIS: isize>(&self, step: f64) -> Tensor<<S as ReduceAxis<AXIS>>::Output, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Zero, One>,
    {
        known(self.dynamic().trapezoid(step, AXIS))
    }

    /// [`Tensor::trapezoid`] at places `x`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 3.].trapezoid_at::<0>(&tensor![1., 4.]).item()?, 6.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn trapezoid_at<const AXIS: isize>(&self, x: &Self) -> Tensor<<S as ReduceAxis<AXIS>>::Output, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Zero, One>,
    {
        agree("trapezoid_at", S::AXES, self.sizes(), S::AXES, x.sizes());
        known(self.dynamic().trapezoid_at(&x.dynamic(), AXIS))
    }

    /// The areas of [`Tensor::trapezoid`] up to each place but the first: one number fewer along the axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 3., 5.].cumulative_trapezoid::<0>(1.), tensor![2., 6.]);
    /// ```
    pub fn cumulative_trapezoid<const AXIS: isize>(&self, step: f64) -> Tensor<Shorter<S, AXIS>, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Zero, One>,
    {
        known(self.dynamic().cumulative_trapezoid(step, AXIS))
    }

    /// [`Tensor::cumulative_trapezoid`] at places `x`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 3., 5.].cumulative_trapezoid_at::<0>(&tensor![0., 1., 3.]), tensor![2., 10.]);
    /// ```
    #[track_caller]
    pub fn cumulative_trapezoid_at<const AXIS: isize>(&self, x: &Self) -> Tensor<Shorter<S, AXIS>, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Zero, One>,
    {
        agree("cumulative_trapezoid_at", S::AXES, self.sizes(), S::AXES, x.sizes());
        known(self.dynamic().cumulative_trapezoid_at(&x.dynamic(), AXIS))
    }
}

impl<N: Dim, D: Dim, T: Differentiable> Tensor<(N, D), T> {
    /// The distance of order `p` of each point, a row each, from each that comes after it: `[n, d]` to `[n (n - 1) / 2]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[0.], [1.], [3.]].pdist(2.)?, tensor![1., 3., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where `p` is below 0 or NaN.
    pub fn pdist(&self, p: f64) -> Result<Tensor<(<N as InPairs>::Output,), T>>
    where
        N: InPairs,
    {
        named(self.dynamic().pdist(p))
    }
}

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// The smallest and the largest element along the axes `Which`: [`Axes<0, -1>`](crate::shape::Axes), which go, or
    /// [`KeptAxes<0, -1>`](crate::shape::KeptAxes), which stay with size 1; NaN wins. Panics where there is no element.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [4., 3.]].aminmax::<Axes<1>>(), (tensor![1., 3.], tensor![2., 4.]));
    /// ```
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "two results of one shape")]
    pub fn aminmax<Which>(
        &self,
    ) -> (
        Tensor<<S as ReduceAxes<Which>>::Output, T>,
        Tensor<<S as ReduceAxes<Which>>::Output, T>,
    )
    where
        S: ReduceAxes<Which>,
    {
        let axes = S::WHICH;
        known_pair(self.dynamic().aminmax(axes.axes(), S::KEEP))
    }
}
