//! Reductions along axes, running results, statistics.

use super::{known, known_pair};
use crate::element::{Differentiable, Element, Numeric};
use crate::shape::{Ranked, ReduceAxes, ReduceAxis};
use crate::tensors::Tensor;

type Reduced<S, Which> = <S as ReduceAxes<Which>>::Output;
type Without<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Output;

macro_rules! along_axes {
    ($($T:ident { $($(#[$doc:meta])* $name:ident($($argument:ident: $A:ty),*) -> $Out:ty;)* })*) => {
        $(impl<S: Ranked, T: $T> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Along the axes `Which`: [`Axes<0, -1>`](crate::shape::Axes), which go, or [`KeptAxes<0, -1>`](crate::shape::KeptAxes),
            /// which stay with size 1. Panics where there must be an element and is none.
            #[track_caller]
            pub fn $name<Which>(&self $(, $argument: $A)*) -> Tensor<Reduced<S, Which>, $Out>
            where
                S: ReduceAxes<Which>,
            {
                let axes = S::WHICH;
                known(along_axes!(@call self $name [$($argument),*] axes.axes(), S::KEEP))
            })*
        })*
    };
    // Where the axes stand among the arguments of the dynamic method.
    (@call $self:ident norm [$p:ident] $axes:expr, $keep:expr) => { $self.dynamic().norm($p, $axes, $keep) };
    (@call $self:ident $name:ident [] $axes:expr, $keep:expr) => { $self.dynamic().$name($axes, $keep) };
    (@call $self:ident $name:ident [$a:ident] $axes:expr, $keep:expr) => { $self.dynamic().$name($axes, $a, $keep) };
}

along_axes! {
    Element {
        /// The sum; of nothing 0. Of whole numbers and truth values it has 64 bits.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let x = Tensor::<dims![3, 4, 5]>::ones();
        /// let y: Tensor<dims![4]> = x.sum_axes::<Axes<0, -1>>();
        /// let z: Tensor<dims![3, 1, 1]> = x.sum_axes::<KeptAxes<1, 2>>();
        /// assert_eq!((y.to_vec()?, z.to_vec()?), (vec![15.; 4], vec![20.; 3]));
        /// let w: Tensor<dims![3, 5]> = x.var_axes::<Axes<1>>(1.);
        /// assert_eq!(w.to_vec()?, [0.; 15]);
        /// # Ok::<(), tensor::Error>(())
        /// ```
        sum_axes() -> T::Sum;
        /// The product; of nothing 1. Of whole numbers and truth values it has 64 bits.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., 2.], [3., 4.]].prod_axes::<Axes<1>>(), tensor![2., 12.]);
        /// ```
        prod_axes() -> T::Sum;
        /// The sum of what is not NaN.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., f32::NAN], [3., 4.]].nansum_axes::<Axes<1>>(), tensor![1., 7.]);
        /// ```
        nansum_axes() -> T::Sum;
        /// `log(sum(exp(x)))`, without overflow.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let x = tensor![[0., 0.], [1000., 1000.]].logsumexp::<Axes<1>>();
        /// tensor::testing::assert_close(&x, &tensor![0.6931472, 1000.6931]);
        /// ```
        logsumexp() -> T::Float;
        /// Whether any element is not 0.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[0, 2], [0, 0]].any_axes::<Axes<1>>(), tensor![true, false]);
        /// ```
        any_axes() -> bool;
        /// Whether no element is 0.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1, 2], [0, 2]].all_axes::<Axes<1>>(), tensor![true, false]);
        /// ```
        all_axes() -> bool;
        /// How many elements are not 0.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[0., 1.], [2., 3.]].count_nonzero_axes::<Axes<0>>(), tensor![1, 2]);
        /// ```
        count_nonzero_axes() -> i64;
        /// The largest element; NaN wins. Several share the gradient.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., 2.], [3., 4.]].amax::<KeptAxes<1>>(), tensor![[2.], [4.]]);
        /// ```
        amax() -> T;
        /// The smallest element; NaN wins. Several share the gradient.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., 2.], [3., 4.]].amin::<Axes<0>>(), tensor![1., 2.]);
        /// ```
        amin() -> T;
    }
    Differentiable {
        /// The mean; of nothing NaN.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., 2.], [3., 4.]].mean_axes::<Axes<0>>(), tensor![2., 3.]);
        /// ```
        mean_axes() -> T;
        /// The mean of what is not NaN.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., f32::NAN], [3., 4.]].nanmean_axes::<Axes<1>>(), tensor![1., 3.5]);
        /// ```
        nanmean_axes() -> T;
        /// The variance, `sum((x - mean)^2) / max(0, n - correction)`; PyTorch's default correction is 1.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., 3.], [2., 2.]].var_axes::<Axes<1>>(1.), tensor![2., 0.]);
        /// ```
        var_axes(correction: f64) -> T;
        /// The standard deviation, the root of [`Tensor::var_axes`].
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., 3.], [2., 2.]].std_axes::<Axes<1>>(0.), tensor![1., 0.]);
        /// ```
        std_axes(correction: f64) -> T;
        /// The norm of order `p`: 2, 1, 0, infinity or any other.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let x = tensor![[3., 4.], [0., -2.]];
        /// assert_eq!(x.norm::<Axes<1>>(2.), tensor![5., 2.]);
        /// assert_eq!(x.norm::<Axes<1>>(f64::INFINITY), tensor![4., 2.]);
        /// ```
        norm(p: f64) -> T;
    }
}

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// [`Tensor::var_axes`] and the mean, along the axes `Which`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 3.], [2., 2.]].var_mean::<Axes<1>>(1.), (tensor![2., 0.], tensor![2., 2.]));
    /// ```
    #[allow(clippy::type_complexity, reason = "two results of one shape")]
    pub fn var_mean<Which>(&self, correction: f64) -> (Tensor<Reduced<S, Which>, T>, Tensor<Reduced<S, Which>, T>)
    where
        S: ReduceAxes<Which>,
    {
        let axes = S::WHICH;
        known_pair(self.dynamic().var_mean(axes.axes(), correction, S::KEEP))
    }

    /// [`Tensor::std_axes`] and the mean, along the axes `Which`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 3.], [2., 2.]].std_mean::<Axes<1>>(0.), (tensor![1., 0.], tensor![2., 2.]));
    /// ```
    #[allow(clippy::type_complexity, reason = "two results of one shape")]
    pub fn std_mean<Which>(&self, correction: f64) -> (Tensor<Reduced<S, Which>, T>, Tensor<Reduced<S, Which>, T>)
    where
        S: ReduceAxes<Which>,
    {
        let axes = S::WHICH;
        known_pair(self.dynamic().std_mean(axes.axes(), correction, S::KEEP))
    }
}

macro_rules! with_places {
    ($($T:ident { $($(#[$doc:meta])* $name:ident($($argument:ident: $A:ty),*);)* })*) => {
        $(impl<S: Ranked, T: $T> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Along an axis, which goes: `(values, indices)`. The gradient goes to those places. Panics where there is no element.
            #[track_caller]
            #[allow(clippy::type_complexity, reason = "values and indices of one shape")]
            pub fn $name<const AXIS: isize>(
                &self $(, $argument: $A)*
            ) -> (Tensor<Without<S, AXIS>, T>, Tensor<Without<S, AXIS>, i64>)
            where
                S: ReduceAxis<AXIS>,
            {
                known_pair(self.dynamic().$name($($argument,)* AXIS, false))
            })*
        })*
    };
}

with_places! {
    Element {
        /// The largest element and its place, the first of several; NaN wins. PyTorch's `max(dim)`.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let x = tensor![[1., 7.], [7., 2.]];
        /// let (values, places) = x.max_with_index::<1>();
        /// assert_eq!((values, places), (tensor![7., 7.], tensor![1, 0]));
        /// assert_eq!(x.argmax_axis::<0>(), tensor![1, 0]);
        /// assert_eq!(x.cumsum::<0>(), tensor![[1., 7.], [8., 9.]]);
        /// ```
        max_with_index();
        /// The smallest element and its place, the first of several; NaN wins. PyTorch's `min(dim)`.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., 2.], [3., 4.]].min_with_index::<1>(), (tensor![1., 3.], tensor![0, 0]));
        /// ```
        min_with_index();
        /// The most frequent element, the smallest of several.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// let (value, _) = tensor![[3., 1., 3.], [2., 1., 2.]].mode::<1>();
        /// assert_eq!(value, tensor![3., 2.]);
        /// ```
        mode();
    }
    Numeric {
        /// The median, the lower of the two in the middle; NaN wins.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[1., 4., 2., 3.]].median_axis::<1>(), (tensor![2.], tensor![2]));
        /// ```
        median_axis();
        /// The median of what is not NaN.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![[f32::NAN, 4., 2.]].nanmedian_axis::<1>(), (tensor![2.], tensor![2]));
        /// ```
        nanmedian_axis();
    }
}

macro_rules! along_axis {
    ($($T:ident { $($(#[$doc:meta])* $name:ident -> $Out:ty;)* })*) => {
        $(impl<S: Ranked, T: $T> Tensor<S, T> {
            $($(#[$doc])*
            ///
            /// Along an axis; the sizes stay.
            pub fn $name<const AXIS: isize>(&self) -> Tensor<S, $Out>
            where
                S: ReduceAxis<AXIS>,
            {
                known(self.dynamic().$name(AXIS))
            })*
        })*
    };
}

along_axis! {
    Element {
        /// Running sums, `out[i] = x[0] + .. + x[i]`. Of whole numbers and truth values they have 64 bits.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![1., 2., 3.].cumsum::<0>(), tensor![1., 3., 6.]);
        /// ```
        cumsum -> T::Sum;
        /// Running products, `out[i] = x[0] .. x[i]`. Of whole numbers and truth values they have 64 bits.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// assert_eq!(tensor![2., 3., 4.].cumprod::<0>(), tensor![2., 6., 24.]);
        /// ```
        cumprod -> T::Sum;
    }
    Differentiable {
        /// `out[i] = log(exp(x[0]) + .. + exp(x[i]))`, without overflow.
        ///
        /// ```
        /// use tensor::prelude::*;
        /// tensor::testing::assert_close(&tensor![0., 0.].logcumsumexp::<0>(), &tensor![0., 0.6931472]);
        /// ```
        logcumsumexp -> T;
    }
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// The largest element so far along an axis, and its place, the last of several: `(values, indices)`; NaN wins. The sizes stay.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 3., 2.].cummax::<0>(), (tensor![1., 3., 3.], tensor![0, 1, 1]));
    /// ```
    pub fn cummax<const AXIS: isize>(&self) -> (Self, Tensor<S, i64>)
    where
        S: ReduceAxis<AXIS>,
    {
        known_pair(self.dynamic().cummax(AXIS))
    }

    /// The smallest element so far along an axis, and its place, the last of several: `(values, indices)`; NaN wins. The sizes stay.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![2., 1., 3.].cummin::<0>(), (tensor![2., 1., 1.], tensor![0, 1, 1]));
    /// ```
    pub fn cummin<const AXIS: isize>(&self) -> (Self, Tensor<S, i64>)
    where
        S: ReduceAxis<AXIS>,
    {
        known_pair(self.dynamic().cummin(AXIS))
    }

    /// The place of the largest element along an axis, which goes, the first of several; NaN wins. Panics where there is no element.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 7.], [7., 2.]].argmax_axis::<1>(), tensor![1, 0]);
    /// ```
    #[track_caller]
    pub fn argmax_axis<const AXIS: isize>(&self) -> Tensor<Without<S, AXIS>, i64>
    where
        S: ReduceAxis<AXIS>,
    {
        known(self.dynamic().argmax_axis(AXIS, false))
    }

    /// The place of the smallest element along an axis, which goes, the first of several; NaN wins. Panics where there is no element.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 7.], [7., 2.]].argmin_axis::<0>(), tensor![0, 1]);
    /// ```
    #[track_caller]
    pub fn argmin_axis<const AXIS: isize>(&self) -> Tensor<Without<S, AXIS>, i64>
    where
        S: ReduceAxis<AXIS>,
    {
        known(self.dynamic().argmin_axis(AXIS, false))
    }
}
