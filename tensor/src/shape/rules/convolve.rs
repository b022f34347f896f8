//! The shapes of convolutions: windows of an image, and weights that have as many axes.

use super::same::SameSize;
use super::windows::{Covered, Windows};
use crate::shape::dim::Dim;
use crate::shape::shape::{Ranked, Shape};

/// The shape of a convolution of `[n, c, ..]` with weights `[o, c, k..]`: `[n, o, ..]`.
pub trait Convolve<Weight, Stride, Padding, Dilation>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

impl<Image: Shape, Weight, Stride, Padding, Dilation> Convolve<Weight, Stride, Padding, Dilation> for Image
where
    Weight: KernelFor<Image, Stride, Padding, Dilation>,
{
    type Output = Weight::Output;
}

/// The shape of a transposed convolution of `[n, c, ..]` with weights `[c, o, k..]`: `[n, o, ..]`.
pub trait ConvolveBack<Weight, Stride, Padding, Dilation, Behind>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

impl<Image: Shape, Weight, Stride, Padding, Dilation, Behind> ConvolveBack<Weight, Stride, Padding, Dilation, Behind>
    for Image
where
    Weight: KernelBackFor<Image, Stride, Padding, Dilation, Behind>,
{
    type Output = Weight::Output;
}

/// The rule of [`Convolve`] with the weights, which rustc infers, as `Self`.
#[diagnostic::on_unimplemented(
    message = "there is no convolution of `{Image}` with weights of `{Self}`",
    label = "expected `[batch, channels, ..]` and `[outputs, channels, ..]`, with as many axes behind"
)]
pub trait KernelFor<Image, Stride, Padding, Dilation>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

/// The rule of [`ConvolveBack`] with the weights, which rustc infers, as `Self`.
#[diagnostic::on_unimplemented(
    message = "there is no transposed convolution of `{Image}` with weights of `{Self}`",
    label = "expected `[batch, channels, ..]` and `[channels, outputs, ..]`, with as many axes behind"
)]
pub trait KernelBackFor<Image, Stride, Padding, Dilation, Behind>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

macro_rules! convolve {
    ($($size:ident $k:ident $s:ident $p:ident $d:ident $q:ident),+) => {
        impl<N: Dim, C: Dim, O: Dim, I, $($size: Dim, $k: Dim, $s, $p, $d),+>
            KernelFor<(N, C, $($size,)+), ($($s,)+), ($($p,)+), ($($d,)+)> for (O, I, $($k,)+)
        where
            I: SameSize<C>,
            $($size: Windows<$k, $s, $p, $d>),+
        {
            type Output = (N, O, $(<$size as Windows<$k, $s, $p, $d>>::Output,)+);
        }

        impl<N: Dim, C: Dim, O: Dim, I, $($size: Dim, $k: Dim, $s, $p, $d, $q),+>
            KernelBackFor<(N, C, $($size,)+), ($($s,)+), ($($p,)+), ($($d,)+), ($($q,)+)> for (I, O, $($k,)+)
        where
            I: SameSize<C>,
            $($size: Covered<$k, $s, $p, $d, $q>),+
        {
            type Output = (N, O, $(<$size as Covered<$k, $s, $p, $d, $q>>::Output,)+);
        }
    };
}

convolve!(L K S P D Q);
convolve!(H KH SH PH DH QH, W KW SW PW DW QW);
convolve!(T KT ST PT DT QT, H KH SH PH DH QH, W KW SW PW DW QW);
