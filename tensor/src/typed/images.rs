//! Convolution and pooling, with kernel, stride, padding and dilation in types: `dims![3, 3]` of an image.

use super::{agree, known};
use crate::element::{Element, Numeric};
use crate::functional::{
    AvgPool, Convolution, MaxPool, Padding, TransposedConvolution, avg_pool1d, avg_pool2d, avg_pool3d,
    conv_transpose1d, conv_transpose2d, conv_transpose3d, conv1d, conv2d, conv3d, max_pool1d, max_pool2d, max_pool3d,
    pixel_shuffle,
};
use crate::shape::{
    Convolve, ConvolveBack, HalfOf, PixelShuffle, Ranked, ReduceAxis, StaticDim, StaticShape, WindowsOver,
};
use crate::tensors::Tensor;

/// The sizes of a static shape that a rule has found to be one an axis.
pub(super) fn each<const N: usize, S: StaticShape>() -> [usize; N] {
    std::array::from_fn(|axis| S::SIZES[axis])
}

/// How windows of a maximum move.
pub(super) fn maxima<const N: usize, Stride: StaticShape, Padded: StaticShape, Dilation: StaticShape>() -> MaxPool<N> {
    MaxPool {
        stride: Some(each::<N, Stride>()),
        padding: each::<N, Padded>(),
        dilation: each::<N, Dilation>(),
        ..MaxPool::default()
    }
}

/// How windows of a mean move.
pub(super) fn means<const N: usize, Stride: StaticShape, Padded: StaticShape>() -> AvgPool<N> {
    AvgPool {
        stride: Some(each::<N, Stride>()),
        padding: each::<N, Padded>(),
        ..AvgPool::default()
    }
}

/// How the windows of a convolution move.
pub(super) fn convolution<const N: usize, Stride: StaticShape, Padded: StaticShape, Dilation: StaticShape>(
    groups: usize,
) -> Convolution<N> {
    Convolution {
        stride: each::<N, Stride>(),
        padding: Padding::Each(each::<N, Padded>()),
        dilation: each::<N, Dilation>(),
        groups,
    }
}

/// How the windows of a transposed convolution move.
pub(super) fn transposed<
    const N: usize,
    Stride: StaticShape,
    Padded: StaticShape,
    Dilation: StaticShape,
    Behind: StaticShape,
>(
    groups: usize,
) -> TransposedConvolution<N> {
    TransposedConvolution {
        stride: each::<N, Stride>(),
        padding: each::<N, Padded>(),
        output_padding: each::<N, Behind>(),
        dilation: each::<N, Dilation>(),
        groups,
    }
}

macro_rules! images {
    // `$ones` and `$zeros` are what the types in the examples have for all axes but the last.
    ($($N:literal $ones:literal $zeros:literal $conv:ident $back:ident $max:ident $avg:ident;)*) => {
        impl<S: Ranked, T: Numeric> Tensor<S, T> {$(
            #[doc = concat!("The convolution with weights `[outputs, channels, ..]` over the last axes, ", $N, " of them, as")]
            #[doc = concat!("[`functional::", stringify!($conv), "`](crate::functional::", stringify!($conv), "); in one group.")]
            ///
            /// `[batch, channels, n, ..]` to `[batch, outputs, (n + 2 padding - dilation (k - 1) - 1) / stride + 1, ..]`. Panics where two
            /// values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "4]>::from_vec(vec![1., 3., 9., 5.], &[1, 1, ", $ones, "4])?;")]
            #[doc = concat!("let weight = Tensor::<dims![1, 1, ", $ones, "2]>::from_vec(vec![1., 10.], &[1, 1, ", $ones, "2])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 1, ", $ones, "3]> = x.", stringify!($conv), "::<_, dims![", $ones, "1], dims![", $zeros, "0], dims![", $ones, "1]>(&weight, None);")]
            /// assert_eq!(y.to_vec()?, [31., 93., 59.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $conv<W, Stride, Padded, Dilation>(
                &self,
                weight: &Tensor<W, T>,
                bias: Option<&Tensor<(<W as ReduceAxis<0>>::Axis,), T>>,
            ) -> Tensor<<S as Convolve<W, Stride, Padded, Dilation>>::Output, T>
            where
                W: Ranked + ReduceAxis<0>,
                Stride: StaticShape,
                Padded: StaticShape,
                Dilation: StaticShape,
                S: Convolve<W, Stride, Padded, Dilation>,
            {
                agree(stringify!($conv), S::AXES, self.sizes(), W::AXES, weight.sizes());
                let options = convolution::<$N, Stride, Padded, Dilation>(1);
                let bias = bias.map(Tensor::dynamic);
                known($conv(&self.dynamic(), &weight.dynamic(), bias.as_ref(), options))
            }

            #[doc = concat!("The transposed convolution with weights `[channels, outputs, ..]` over the last axes, ", $N, " of them, as")]
            #[doc = concat!("[`functional::", stringify!($back), "`](crate::functional::", stringify!($back), "); in one group.")]
            ///
            /// `[batch, channels, n, ..]` to
            /// `[batch, outputs, (n - 1) stride - 2 padding + dilation (k - 1) + 1 + behind, ..]`. Panics where two values of one named size
            /// differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "2]>::from_vec(vec![1., 2.], &[1, 1, ", $ones, "2])?;")]
            #[doc = concat!("let weight = Tensor::<dims![1, 1, ", $ones, "2]>::from_vec(vec![1., 10.], &[1, 1, ", $ones, "2])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 1, ", $ones, "4]> = x.", stringify!($back), "::<_, dims![", $ones, "2], dims![", $zeros, "0], dims![", $ones, "1], dims![", $zeros, "0]>(&weight, None);")]
            /// assert_eq!(y.to_vec()?, [1., 10., 2., 20.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $back<W, Stride, Padded, Dilation, Behind>(
                &self,
                weight: &Tensor<W, T>,
                bias: Option<&Tensor<(<W as ReduceAxis<1>>::Axis,), T>>,
            ) -> Tensor<<S as ConvolveBack<W, Stride, Padded, Dilation, Behind>>::Output, T>
            where
                W: Ranked + ReduceAxis<1>,
                Stride: StaticShape,
                Padded: StaticShape,
                Dilation: StaticShape,
                Behind: StaticShape,
                S: ConvolveBack<W, Stride, Padded, Dilation, Behind>,
            {
                agree(stringify!($back), S::AXES, self.sizes(), W::AXES, weight.sizes());
                let options = transposed::<$N, Stride, Padded, Dilation, Behind>(1);
                let bias = bias.map(Tensor::dynamic);
                known($back(&self.dynamic(), &weight.dynamic(), bias.as_ref(), options))
            }

            #[doc = concat!("The largest element of each window over the last axes, ", $N, " of them; NaN wins, as")]
            #[doc = concat!("[`functional::", stringify!($max), "`](crate::functional::", stringify!($max), "). The padding is at most")]
            /// half of the window. Panics where dilated windows see nothing but padding.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "4]>::from_vec(vec![1., 3., 9., 5.], &[1, 1, ", $ones, "4])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 1, ", $ones, "2]> = x.", stringify!($max), "::<dims![", $ones, "2], dims![", $ones, "2], dims![", $zeros, "0], dims![", $ones, "1]>();")]
            /// assert_eq!(y.to_vec()?, [3., 9.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $max<Kernel, Stride, Padded, Dilation>(
                &self,
            ) -> Tensor<<S as WindowsOver<Kernel, Stride, Padded, Dilation>>::Output, T>
            where
                Kernel: StaticShape,
                Stride: StaticShape,
                Padded: StaticShape + HalfOf<Kernel>,
                Dilation: StaticShape,
                S: WindowsOver<Kernel, Stride, Padded, Dilation>,
            {
                let options = maxima::<$N, Stride, Padded, Dilation>();
                known($max(&self.dynamic(), each::<$N, Kernel>(), options))
            }

            #[doc = concat!("The mean of each window over the last axes, ", $N, " of them, as")]
            #[doc = concat!("[`functional::", stringify!($avg), "`](crate::functional::", stringify!($avg), "). The padding counts, and is")]
            /// at most half of the window.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 1, ", $ones, "4]>::from_vec(vec![1., 3., 5., 9.], &[1, 1, ", $ones, "4])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 1, ", $ones, "2]> = x.", stringify!($avg), "::<dims![", $ones, "2], dims![", $ones, "2], dims![", $zeros, "0]>();")]
            /// assert_eq!(y.to_vec()?, [2., 7.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            pub fn $avg<Kernel, Stride, Padded>(
                &self,
            ) -> Tensor<<S as WindowsOver<Kernel, Stride, Padded, Kernel::Ones>>::Output, T>
            where
                Kernel: StaticShape + crate::shape::AllOnes,
                Stride: StaticShape,
                Padded: StaticShape + HalfOf<Kernel>,
                S: WindowsOver<Kernel, Stride, Padded, Kernel::Ones>,
            {
                let options = means::<$N, Stride, Padded>();
                known($avg(&self.dynamic(), each::<$N, Kernel>(), options))
            }
        )*}
    };
}

images! {
    1 "" "" conv1d conv_transpose1d max_pool1d avg_pool1d;
    2 "1, " "0, " conv2d conv_transpose2d max_pool2d avg_pool2d;
    3 "1, 1, " "0, 0, " conv3d conv_transpose3d max_pool3d avg_pool3d;
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// Channels as pixels: `[.., c r r, h, w]` to `[.., c, h r, w r]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1.]], [[2.]], [[3.]], [[4.]]];
    /// assert_eq!(x.pixel_shuffle::<dim![2]>(), tensor![[[1., 2.], [3., 4.]]]);
    /// ```
    pub fn pixel_shuffle<Factor: StaticDim>(&self) -> Tensor<<S as PixelShuffle<Factor>>::Output, T>
    where
        S: PixelShuffle<Factor>,
    {
        known(pixel_shuffle(&self.dynamic(), Factor::SIZE))
    }
}
