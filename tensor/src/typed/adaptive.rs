//! Pooling to sizes that are written, and its kin: with places, by other norms, undone.

use super::images::{each, maxima};
use super::{known, known_pair, named};
use crate::element::{Differentiable, Numeric};
use crate::error::Result;
use crate::functional;
use crate::shape::{AllOnes, HalfOf, Ranked, Resized, StaticShape, WindowsOver};
use crate::tensors::Tensor;

type Pooled<S, Kernel, Stride, Padded, Dilation> = <S as WindowsOver<Kernel, Stride, Padded, Dilation>>::Output;
type Lp<S, Kernel, Stride> = Pooled<S, Kernel, Stride, <Kernel as AllOnes>::Zeros, <Kernel as AllOnes>::Ones>;

/// The sizes of a static shape as adaptive pooling takes them.
fn wanted<const N: usize, S: StaticShape>() -> [Option<usize>; N] {
    each::<N, S>().map(Some)
}

macro_rules! pools {
    // `$ones` and `$zeros` are what the types in the examples have for all axes but the last.
    ($($N:literal $ones:literal $zeros:literal $avg:ident $max:ident $adaptive_indices:ident $indices:ident $unpool:ident $lp:ident;)*) => {
        impl<S: Ranked, T: Differentiable> Tensor<S, T> {$(
            #[doc = concat!("The mean of each of so many windows that the last axes, ", $N, " of them, get the sizes `To`, as")]
            #[doc = concat!("[`functional::", stringify!($avg), "`](crate::functional::", stringify!($avg), "). Panics where there is no element.")]
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "4]>::from_vec(vec![1., 3., 5., 9.], &[1, 1, ", $ones, "4])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 1, ", $ones, "2]> = x.", stringify!($avg), "::<dims![", $ones, "2]>();")]
            /// assert_eq!(y.to_vec()?, [2., 7.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $avg<To: StaticShape>(&self) -> Tensor<<S as Resized<To>>::Output, T>
            where
                S: Resized<To>,
            {
                known(functional::$avg(&self.dynamic(), wanted::<$N, To>()))
            }

            #[doc = concat!("`(sum of x^p)^(1 / p)` over each window of the last axes, ", $N, " of them, as")]
            #[doc = concat!("[`functional::", stringify!($lp), "`](crate::functional::", stringify!($lp), ").")]
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "4]>::from_vec(vec![3., 4., 6., 8.], &[1, 1, ", $ones, "4])?;")]
            #[doc = concat!("let y = x.", stringify!($lp), "::<dims![", $ones, "2], dims![", $ones, "2]>(2.)?;")]
            /// tensor::testing::assert_close(&y.ravel(), &tensor![5., 10.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Where `p` is 0.
            pub fn $lp<Kernel, Stride>(&self, p: f64) -> Result<Tensor<Lp<S, Kernel, Stride>, T>>
            where
                Kernel: StaticShape + AllOnes,
                Stride: StaticShape,
                S: WindowsOver<Kernel, Stride, Kernel::Zeros, Kernel::Ones>,
            {
                let (kernel, stride) = (each::<$N, Kernel>(), each::<$N, Stride>());
                named(functional::$lp(&self.dynamic(), p, kernel, Some(stride), false))
            }
        )*}

        impl<S: Ranked, T: Numeric> Tensor<S, T> {$(
            #[doc = concat!("The largest element of each of so many windows that the last axes, ", $N, " of them, get the sizes `To`; NaN wins, as")]
            #[doc = concat!("[`functional::", stringify!($max), "`](crate::functional::", stringify!($max), "). Panics where there is no element.")]
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "4]>::from_vec(vec![1., 3., 9., 5.], &[1, 1, ", $ones, "4])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 1, ", $ones, "2]> = x.", stringify!($max), "::<dims![", $ones, "2]>();")]
            /// assert_eq!(y.to_vec()?, [3., 9.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $max<To: StaticShape>(&self) -> Tensor<<S as Resized<To>>::Output, T>
            where
                S: Resized<To>,
            {
                known(functional::$max(&self.dynamic(), wanted::<$N, To>()))
            }

            #[doc = concat!("[`", stringify!($max), "`](Tensor::", stringify!($max), ") and the place of each element among those of its channel. Panics where there is no")]
            /// element.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "4]>::from_vec(vec![1., 3., 9., 5.], &[1, 1, ", $ones, "4])?;")]
            #[doc = concat!("assert_eq!(x.", stringify!($adaptive_indices), "::<dims![", $ones, "2]>().1.to_vec()?, [1, 2]);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $adaptive_indices<To: StaticShape>(
                &self,
            ) -> (Tensor<<S as Resized<To>>::Output, T>, Tensor<<S as Resized<To>>::Output, i64>)
            where
                S: Resized<To>,
            {
                known_pair(functional::$adaptive_indices(&self.dynamic(), wanted::<$N, To>()))
            }

            #[doc = concat!("The largest element of each window over the last axes, ", $N, " of them, and its place among those of its channel, as")]
            #[doc = concat!("[`functional::", stringify!($indices), "`](crate::functional::", stringify!($indices), "). Panics where dilated windows")]
            /// see nothing but padding.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "4]>::from_vec(vec![1., 3., 9., 5.], &[1, 1, ", $ones, "4])?;")]
            #[doc = concat!("let (y, places) = x.", stringify!($indices), "::<dims![", $ones, "2], dims![", $ones, "2], dims![", $zeros, "0], dims![", $ones, "1]>();")]
            /// assert_eq!((y.to_vec()?, places.to_vec()?), (vec![3., 9.], vec![1, 2]));
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $indices<Kernel, Stride, Padded, Dilation>(
                &self,
            ) -> (
                Tensor<Pooled<S, Kernel, Stride, Padded, Dilation>, T>,
                Tensor<Pooled<S, Kernel, Stride, Padded, Dilation>, i64>,
            )
            where
                Kernel: StaticShape,
                Stride: StaticShape,
                Padded: StaticShape + HalfOf<Kernel>,
                Dilation: StaticShape,
                S: WindowsOver<Kernel, Stride, Padded, Dilation>,
            {
                let options = maxima::<$N, Stride, Padded, Dilation>();
                known_pair(functional::$indices(&self.dynamic(), each::<$N, Kernel>(), options))
            }

            #[doc = concat!("The elements at the places that [`", stringify!($indices), "`](Tensor::", stringify!($indices), ") gave, in images of the sizes `To`; 0")]
            #[doc = concat!("elsewhere, as [`functional::", stringify!($unpool), "`](crate::functional::", stringify!($unpool), ").")]
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "2]>::from_vec(vec![3., 9.], &[1, 1, ", $ones, "2])?;")]
            #[doc = concat!("let places = Tensor::<dims![1, 1, ", $ones, "2], i64>::from_vec(vec![1, 2], &[1, 1, ", $ones, "2])?;")]
            #[doc = concat!("let y = x.", stringify!($unpool), "::<dims![", $ones, "4]>(&places)?;")]
            /// assert_eq!(y.to_vec()?, [0., 3., 9., 0.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Where a place is out of range.
            pub fn $unpool<To: StaticShape>(
                &self,
                places: &Tensor<S, i64>,
            ) -> Result<Tensor<<S as Resized<To>>::Output, T>>
            where
                S: Resized<To>,
            {
                named(functional::$unpool(&self.dynamic(), &places.dynamic(), each::<$N, To>()))
            }
        )*}
    };
}

pools! {
    1 "" "" adaptive_avg_pool1d adaptive_max_pool1d adaptive_max_pool1d_with_indices max_pool1d_with_indices max_unpool1d lp_pool1d;
    2 "1, " "0, " adaptive_avg_pool2d adaptive_max_pool2d adaptive_max_pool2d_with_indices max_pool2d_with_indices max_unpool2d lp_pool2d;
    3 "1, 1, " "0, 0, " adaptive_avg_pool3d adaptive_max_pool3d adaptive_max_pool3d_with_indices max_pool3d_with_indices max_unpool3d lp_pool3d;
}
