//! Convolution whose channels fall into groups.

use super::images::{convolution, transposed};
use super::{agree, known};
use crate::element::Numeric;
use crate::functional::{conv_transpose1d, conv_transpose2d, conv_transpose3d, conv1d, conv2d, conv3d};
use crate::shape::{ConvolveBackInGroups, ConvolveInGroups, Ranked, StaticDim, StaticShape};
use crate::tensors::Tensor;

macro_rules! groups {
    // `$ones` and `$zeros` are what the types in the examples have for all axes but the last.
    ($($N:literal $ones:literal $zeros:literal $conv:ident $grouped:ident $back:ident $grouped_back:ident;)*) => {
        impl<S: Ranked, T: Numeric> Tensor<S, T> {$(
            #[doc = concat!("[`", stringify!($conv), "`](Tensor::", stringify!($conv), ") in groups, with weights `[outputs, channels / groups, ..]`.")]
            ///
            /// Channels and outputs fall into as many parts, and each part of the outputs sees its part of the channels alone. PyTorch's
            /// `groups`. Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 2, ", $ones, "2]>::from_vec(vec![1., 2., 3., 4.], &[1, 2, ", $ones, "2])?;")]
            #[doc = concat!("let weight = Tensor::<dims![2, 1, ", $ones, "1]>::from_vec(vec![1., 10.], &[2, 1, ", $ones, "1])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 2, ", $ones, "2]> = x.", stringify!($grouped), "::<_, dim![2], dims![", $ones, "1], dims![", $zeros, "0], dims![", $ones, "1]>(&weight, None);")]
            /// assert_eq!(y.to_vec()?, [1., 2., 30., 40.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            #[allow(clippy::type_complexity, reason = "the shape is worked out of all of them")]
            pub fn $grouped<W, Groups, Stride, Padded, Dilation>(
                &self,
                weight: &Tensor<W, T>,
                bias: Option<&Tensor<(<S as ConvolveInGroups<W, Groups, Stride, Padded, Dilation>>::Outputs,), T>>,
            ) -> Tensor<<S as ConvolveInGroups<W, Groups, Stride, Padded, Dilation>>::Output, T>
            where
                W: Ranked,
                Groups: StaticDim,
                Stride: StaticShape,
                Padded: StaticShape,
                Dilation: StaticShape,
                S: ConvolveInGroups<W, Groups, Stride, Padded, Dilation>,
            {
                agree(stringify!($conv), S::AXES, self.sizes(), W::AXES, weight.sizes());
                let options = convolution::<$N, Stride, Padded, Dilation>(Groups::SIZE);
                let bias = bias.map(Tensor::dynamic);
                known($conv(&self.dynamic(), &weight.dynamic(), bias.as_ref(), options))
            }

            #[doc = concat!("[`", stringify!($back), "`](Tensor::", stringify!($back), ") in groups, with weights `[channels, outputs / groups, ..]`.")]
            ///
            /// Channels and outputs fall into as many parts, and each part of the outputs sees its part of the channels alone. PyTorch's
            /// `groups`. Panics where two values of one named size differ.
            ///
            /// ```
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<dims![1, 2, ", $ones, "2]>::from_vec(vec![1., 2., 3., 4.], &[1, 2, ", $ones, "2])?;")]
            #[doc = concat!("let weight = Tensor::<dims![2, 1, ", $ones, "1]>::from_vec(vec![1., 10.], &[2, 1, ", $ones, "1])?;")]
            #[doc = concat!("let y: Tensor<dims![1, 2, ", $ones, "2]> = x.", stringify!($grouped_back), "::<_, dim![2], dims![", $ones, "1], dims![", $zeros, "0], dims![", $ones, "1], dims![", $zeros, "0]>(&weight, None);")]
            /// assert_eq!(y.to_vec()?, [1., 2., 30., 40.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            #[track_caller]
            #[allow(clippy::type_complexity, reason = "the shape is worked out of all of them")]
            pub fn $grouped_back<W, Groups, Stride, Padded, Dilation, Behind>(
                &self,
                weight: &Tensor<W, T>,
                bias: Option<
                    &Tensor<(<S as ConvolveBackInGroups<W, Groups, Stride, Padded, Dilation, Behind>>::Outputs,), T>,
                >,
            ) -> Tensor<<S as ConvolveBackInGroups<W, Groups, Stride, Padded, Dilation, Behind>>::Output, T>
            where
                W: Ranked,
                Groups: StaticDim,
                Stride: StaticShape,
                Padded: StaticShape,
                Dilation: StaticShape,
                Behind: StaticShape,
                S: ConvolveBackInGroups<W, Groups, Stride, Padded, Dilation, Behind>,
            {
                agree(stringify!($back), S::AXES, self.sizes(), W::AXES, weight.sizes());
                let options = transposed::<$N, Stride, Padded, Dilation, Behind>(Groups::SIZE);
                let bias = bias.map(Tensor::dynamic);
                known($back(&self.dynamic(), &weight.dynamic(), bias.as_ref(), options))
            }
        )*}
    };
}

groups! {
    1 "" "" conv1d conv1d_in_groups conv_transpose1d conv_transpose1d_in_groups;
    2 "1, " "0, " conv2d conv2d_in_groups conv_transpose2d conv_transpose2d_in_groups;
    3 "1, 1, " "0, 0, " conv3d conv3d_in_groups conv_transpose3d conv_transpose3d_in_groups;
}
