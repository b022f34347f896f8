//! Pooling whose last windows may reach over the end.

use super::images::{each, maxima, means};
use super::known;
use crate::element::Numeric;
use crate::functional::{AvgPool, MaxPool, avg_pool1d, avg_pool2d, avg_pool3d, max_pool1d, max_pool2d, max_pool3d};
use crate::shape::{AllOnes, HalfOf, Ranked, StaticShape, WindowsOver};
use crate::tensors::Tensor;

macro_rules! ceil {
    // `$ones` and `$zeros` are what the types in the examples have for all axes but the last.
    ($($N:literal $ones:literal $zeros:literal $max:ident $max_ceil:ident $avg:ident $avg_ceil:ident;)*) => {
        impl<S: Ranked, T: Numeric> Tensor<S, T> {$(
            #[doc = concat!("[`", stringify!($max), "`](Tensor::", stringify!($max), ") whose last window may reach over the end. PyTorch's `ceil_mode`.")]
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "3]>::from_vec(vec![1., 3., 2.], &[1, 1, ", $ones, "3])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 1, ", $ones, "2]> = x.", stringify!($max_ceil), "::<dims![", $ones, "2], dims![", $ones, "2], dims![", $zeros, "0], dims![", $ones, "1]>();")]
            /// assert_eq!(y.to_vec()?, [3., 2.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $max_ceil<Kernel, Stride, Padded, Dilation>(
                &self,
            ) -> Tensor<<S as WindowsOver<Kernel, Stride, Padded, Dilation>>::Ceil, T>
            where
                Kernel: StaticShape,
                Stride: StaticShape,
                Padded: StaticShape + HalfOf<Kernel>,
                Dilation: StaticShape,
                S: WindowsOver<Kernel, Stride, Padded, Dilation>,
            {
                let options = MaxPool {
                    ceil_mode: true,
                    ..maxima::<$N, Stride, Padded, Dilation>()
                };
                known($max(&self.dynamic(), each::<$N, Kernel>(), options))
            }

            #[doc = concat!("[`", stringify!($avg), "`](Tensor::", stringify!($avg), ") whose last window may reach over the end; what stands behind")]
            /// input and padding does not count. PyTorch's `ceil_mode`.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "3]>::from_vec(vec![1., 3., 5.], &[1, 1, ", $ones, "3])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 1, ", $ones, "2]> = x.", stringify!($avg_ceil), "::<dims![", $ones, "2], dims![", $ones, "2], dims![", $zeros, "0]>();")]
            /// assert_eq!(y.to_vec()?, [2., 5.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $avg_ceil<Kernel, Stride, Padded>(
                &self,
            ) -> Tensor<<S as WindowsOver<Kernel, Stride, Padded, Kernel::Ones>>::Ceil, T>
            where
                Kernel: StaticShape + AllOnes,
                Stride: StaticShape,
                Padded: StaticShape + HalfOf<Kernel>,
                S: WindowsOver<Kernel, Stride, Padded, Kernel::Ones>,
            {
                let options = AvgPool {
                    ceil_mode: true,
                    ..means::<$N, Stride, Padded>()
                };
                known($avg(&self.dynamic(), each::<$N, Kernel>(), options))
            }
        )*}
    };
}

ceil! {
    1 "" "" max_pool1d max_pool1d_ceil avg_pool1d avg_pool1d_ceil;
    2 "1, " "0, " max_pool2d max_pool2d_ceil avg_pool2d avg_pool2d_ceil;
    3 "1, 1, " "0, 0, " max_pool3d max_pool3d_ceil avg_pool3d avg_pool3d_ceil;
}
