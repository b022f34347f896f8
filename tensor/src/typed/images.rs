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
fn each<const N: usize, S: StaticShape>() -> [usize; N] {
    std::array::from_fn(|axis| S::SIZES[axis])
}

macro_rules! images {
    ($($N:literal $conv:ident $back:ident $max:ident $avg:ident;)*) => {
        impl<S: Ranked, T: Numeric> Tensor<S, T> {$(
            #[doc = concat!("The convolution with weights `[outputs, channels, ..]` over the last axes, ", $N, " of them, as")]
            #[doc = concat!("[`functional::", stringify!($conv), "`](crate::functional::", stringify!($conv), "); in one group.")]
            ///
            /// `[batch, channels, n, ..]` to `[batch, outputs, (n + 2 padding - dilation (k - 1) - 1) / stride + 1, ..]`. Panics where two
            /// values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let image = Tensor::<dims![1, 3, 8, 8]>::ones();
            /// let kernel = Tensor::<dims![4, 3, 3, 3]>::ones();
            /// let out = image.conv2d::<_, dims![2, 2], dims![1, 1], dims![1, 1]>(&kernel, None);
            /// let out: Tensor<dims![1, 4, 4, 4]> = out;
            /// let pooled: Tensor<dims![1, 4, 2, 2]> = out.max_pool2d::<dims![2, 2], dims![2, 2], dims![0, 0], dims![1, 1]>();
            /// assert_eq!(pooled.sizes(), [1, 4, 2, 2]);
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
                let options = Convolution::<$N> {
                    stride: each::<$N, Stride>(),
                    padding: Padding::Each(each::<$N, Padded>()),
                    dilation: each::<$N, Dilation>(),
                    groups: 1,
                };
                let bias = bias.map(Tensor::dynamic);
                known($conv(&self.dynamic(), &weight.dynamic(), bias.as_ref(), options))
            }

            #[doc = concat!("The transposed convolution with weights `[channels, outputs, ..]` over the last axes, ", $N, " of them, as")]
            #[doc = concat!("[`functional::", stringify!($back), "`](crate::functional::", stringify!($back), "); in one group.")]
            ///
            /// `[batch, channels, n, ..]` to
            /// `[batch, outputs, (n - 1) stride - 2 padding + dilation (k - 1) + 1 + behind, ..]`. Panics where two values of one named size
            /// differ.
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
                let options = TransposedConvolution::<$N> {
                    stride: each::<$N, Stride>(),
                    padding: each::<$N, Padded>(),
                    output_padding: each::<$N, Behind>(),
                    dilation: each::<$N, Dilation>(),
                    groups: 1,
                };
                let bias = bias.map(Tensor::dynamic);
                known($back(&self.dynamic(), &weight.dynamic(), bias.as_ref(), options))
            }

            #[doc = concat!("The largest element of each window over the last axes, ", $N, " of them; NaN wins, as")]
            #[doc = concat!("[`functional::", stringify!($max), "`](crate::functional::", stringify!($max), "). The padding is at most")]
            /// half of the window. Panics where dilated windows see nothing but padding.
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
                let options = MaxPool::<$N> {
                    stride: Some(each::<$N, Stride>()),
                    padding: each::<$N, Padded>(),
                    dilation: each::<$N, Dilation>(),
                    ..MaxPool::default()
                };
                known($max(&self.dynamic(), each::<$N, Kernel>(), options))
            }

            #[doc = concat!("The mean of each window over the last axes, ", $N, " of them, as")]
            #[doc = concat!("[`functional::", stringify!($avg), "`](crate::functional::", stringify!($avg), "). The padding counts, and is")]
            /// at most half of the window.
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
                let options = AvgPool::<$N> {
                    stride: Some(each::<$N, Stride>()),
                    padding: each::<$N, Padded>(),
                    ..AvgPool::default()
                };
                known($avg(&self.dynamic(), each::<$N, Kernel>(), options))
            }
        )*}
    };
}

images! {
    1 conv1d conv_transpose1d max_pool1d avg_pool1d;
    2 conv2d conv_transpose2d max_pool2d avg_pool2d;
    3 conv3d conv_transpose3d max_pool3d avg_pool3d;
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// Channels as pixels: `[.., c r r, h, w]` to `[.., c, h r, w r]`.
    pub fn pixel_shuffle<Factor: StaticDim>(&self) -> Tensor<<S as PixelShuffle<Factor>>::Output, T>
    where
        S: PixelShuffle<Factor>,
    {
        known(pixel_shuffle(&self.dynamic(), Factor::SIZE))
    }
}
