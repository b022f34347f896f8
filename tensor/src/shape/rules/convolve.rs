//! The shapes of convolutions: windows of an image, and weights that have as many axes.

use super::length::DividedBy;
use super::same::SameSize;
use super::windows::{Covered, Windows};
use crate::shape::dim::{Dim, StaticDim};
use crate::shape::expression::{MultiplyDim, ProductOf};
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

/// The shape of a convolution in groups of `[n, c, ..]` with weights `[o, c / groups, k..]`: `[n, o, ..]`.
pub trait ConvolveInGroups<Weight, Groups, Stride, Padding, Dilation>: Shape {
    /// The shape of the result.
    type Output: Ranked;
    /// Its channels.
    type Outputs: Dim;
}

impl<Image: Shape, Weight, Groups, Stride, Padding, Dilation>
    ConvolveInGroups<Weight, Groups, Stride, Padding, Dilation> for Image
where
    Weight: KernelInGroupsFor<Image, Groups, Stride, Padding, Dilation>,
{
    type Output = Weight::Output;
    type Outputs = Weight::Outputs;
}

/// The shape of a transposed convolution in groups of `[n, c, ..]` with weights `[c, o / groups, k..]`: `[n, o, ..]`.
pub trait ConvolveBackInGroups<Weight, Groups, Stride, Padding, Dilation, Behind>: Shape {
    /// The shape of the result.
    type Output: Ranked;
    /// Its channels.
    type Outputs: Dim;
}

impl<Image: Shape, Weight, Groups, Stride, Padding, Dilation, Behind>
    ConvolveBackInGroups<Weight, Groups, Stride, Padding, Dilation, Behind> for Image
where
    Weight: KernelBackInGroupsFor<Image, Groups, Stride, Padding, Dilation, Behind>,
{
    type Output = Weight::Output;
    type Outputs = Weight::Outputs;
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

/// The rule of [`ConvolveInGroups`] with the weights, which rustc infers, as `Self`.
#[diagnostic::on_unimplemented(
    message = "there is no convolution of `{Image}` in `{Groups}` groups with weights of `{Self}`",
    label = "expected `[batch, channels, ..]` and `[outputs, channels / groups, ..]`, with as many axes behind"
)]
pub trait KernelInGroupsFor<Image, Groups, Stride, Padding, Dilation>: Shape {
    /// The shape of the result.
    type Output: Ranked;
    /// Its channels.
    type Outputs: Dim;
}

/// The rule of [`ConvolveBackInGroups`] with the weights, which rustc infers, as `Self`.
#[diagnostic::on_unimplemented(
    message = "there is no transposed convolution of `{Image}` in `{Groups}` groups with weights of `{Self}`",
    label = "expected `[batch, channels, ..]` and `[channels, outputs / groups, ..]`, with as many axes behind"
)]
pub trait KernelBackInGroupsFor<Image, Groups, Stride, Padding, Dilation, Behind>: Shape {
    /// The shape of the result.
    type Output: Ranked;
    /// Its channels.
    type Outputs: Dim;
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

        impl<N: Dim, C: Dim, O, I, G: StaticDim, $($size: Dim, $k: Dim, $s, $p, $d),+>
            KernelInGroupsFor<(N, C, $($size,)+), G, ($($s,)+), ($($p,)+), ($($d,)+)> for (O, I, $($k,)+)
        where
            I: MultiplyDim<G>,
            ProductOf<I, G>: SameSize<C>,
            O: DividedBy<G>,
            $($size: Windows<$k, $s, $p, $d>),+
        {
            type Output = (N, O, $(<$size as Windows<$k, $s, $p, $d>>::Output,)+);
            type Outputs = O;
        }

        impl<N: Dim, C: Dim, O, I, G: StaticDim, $($size: Dim, $k: Dim, $s, $p, $d, $q),+>
            KernelBackInGroupsFor<(N, C, $($size,)+), G, ($($s,)+), ($($p,)+), ($($d,)+), ($($q,)+)> for (I, O, $($k,)+)
        where
            I: SameSize<C> + DividedBy<G>,
            O: MultiplyDim<G>,
            $($size: Covered<$k, $s, $p, $d, $q>),+
        {
            type Output = (N, ProductOf<O, G>, $(<$size as Covered<$k, $s, $p, $d, $q>>::Output,)+);
            type Outputs = ProductOf<O, G>;
        }
    };
}

convolve!(L K S P D Q);
convolve!(H KH SH PH DH QH, W KW SW PW DW QW);
convolve!(T KT ST PT DT QT, H KH SH PH DH QH, W KW SW PW DW QW);
