//! The last axes of images in other sizes.

use super::length::DividedBy;
use super::same::SameSize;
use super::windows::Windows;
use crate::shape::digits::{_2, _3, _4};
use crate::shape::dim::{Dim, StaticDim};
use crate::shape::expression::{MultiplyDim, ProductOf};
use crate::shape::shape::{Ranked, Shape};
use crate::shape::size::Size;

/// Images, whose last axes get the sizes `To`: `[batch, channels, h, w]` to `[7, 7]` is `[batch, channels, 7, 7]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no images that can be of the sizes `{To}`",
    label = "expected `[channels, ..]` or `[batch, channels, ..]`, with an axis behind that for each size of `{To}`"
)]
pub trait Resized<To>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

/// Images, whose last axes are multiplied by `Factors`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no images that can be made `{Factors}` times as large",
    label = "expected `[batch, channels, ..]`, with an axis behind that for each number of `{Factors}`"
)]
pub trait Enlarged<Factors>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

macro_rules! resized {
    ($($size:ident $to:ident),+) => {
        resized!(@with C; $($size $to),+);
        resized!(@with N C; $($size $to),+);

        #[diagnostic::do_not_recommend]
        impl<N: Dim, C: Dim, $($size: MultiplyDim<$to>, $to),+> Enlarged<($($to,)+)> for (N, C, $($size,)+) {
            type Output = (N, C, $(ProductOf<$size, $to>,)+);
        }
    };
    (@with $($front:ident)+; $($size:ident $to:ident),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($front: Dim,)+ $($size: Dim, $to: Dim),+> Resized<($($to,)+)> for ($($front,)+ $($size,)+) {
            type Output = ($($front,)+ $($to,)+);
        }
    };
}

resized!(L M);
resized!(H P, W Q);
resized!(T O, H P, W Q);

type Two = Size<_2>;
type Three = Size<_3>;

/// Matrices that make a grid of places in images of the sizes `To`: `[n, 2, 3]` to `[n, h, w, 2]`, `[n, 3, 4]` to `[n, d, h, w, 3]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no matrices of a grid of `{To}`",
    label = "expected `[n, 2, 3]` for two sizes, or `[n, 3, 4]` for three"
)]
pub trait Grids<To>: Shape {
    /// The shape of the grid.
    type Output: Ranked;
}

impl<N: Dim, A, B, H: Dim, W: Dim> Grids<(H, W)> for (N, A, B)
where
    A: SameSize<Two>,
    B: SameSize<Three>,
{
    type Output = (N, H, W, Two);
}

impl<N: Dim, A, B, D: Dim, H: Dim, W: Dim> Grids<(D, H, W)> for (N, A, B)
where
    A: SameSize<Three>,
    B: SameSize<Size<_4>>,
{
    type Output = (N, D, H, W, Three);
}

/// A grid of places in the images `Images`: `[n, h, w, 2]` in `[n, c, ..]`, `[n, d, h, w, 3]` in volumes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no grid of places in images `{Images}`",
    label = "expected `[n, h, w, 2]` for `[n, c, .., ..]`, or `[n, d, h, w, 3]` for `[n, c, .., .., ..]`"
)]
pub trait PlacesIn<Images>: Shape {
    /// The images at these places.
    type Output: Ranked;
}

impl<N: Dim, C: Dim, Y: Dim, X: Dim, M, H: Dim, W: Dim, A> PlacesIn<(N, C, Y, X)> for (M, H, W, A)
where
    M: SameSize<N>,
    A: SameSize<Two>,
{
    type Output = (N, C, H, W);
}

impl<N: Dim, C: Dim, Z: Dim, Y: Dim, X: Dim, M, D: Dim, H: Dim, W: Dim, A> PlacesIn<(N, C, Z, Y, X)> for (M, D, H, W, A)
where
    M: SameSize<N>,
    A: SameSize<Three>,
{
    type Output = (N, C, D, H, W);
}

/// Pixels as channels, `[.., c, h r, w r]` as `[.., c r r, h, w]`.
pub trait PixelUnshuffle<Factor>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

macro_rules! pixels {
    ($($front:ident)*) => {
        impl<$($front: Dim,)* C, H, W, R> PixelUnshuffle<R> for ($($front,)* C, H, W)
        where
            R: MultiplyDim<R>,
            C: MultiplyDim<ProductOf<R, R>>,
            H: DividedBy<R>,
            W: DividedBy<R>,
        {
            type Output =
                ($($front,)* ProductOf<C, ProductOf<R, R>>, <H as DividedBy<R>>::Output, <W as DividedBy<R>>::Output);
        }
    };
}

pixels!();
pixels!(A);
pixels!(A B);

/// Images that fall into patches, a column each: `[.., c, h, w]` to `[.., c kh kw, patches]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fall into patches of `{Kernel}`",
    label = "expected `[channels, h, w]` or `[batch, channels, h, w]`, and two sizes of a patch"
)]
pub trait Patches<Kernel, Stride, Padding, Dilation>: Shape {
    /// The shape of the patches.
    type Output: Ranked;
}

/// Patches of images of the sizes `To`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no patches of `{Kernel}` of images of `{To}`",
    label = "expected `[channels kh kw, patches]`, or that with a batch"
)]
pub trait PatchesOf<To, Kernel, Stride, Padding, Dilation>: Shape {
    /// The shape of the images.
    type Output: Ranked;
}

type Count<Size, K, S, P, D> = <Size as Windows<K, S, P, D>>::Output;

macro_rules! patches {
    ($($front:ident)*) => {
        impl<$($front: Dim,)* C, H, W, K, L, S, T, P, Q, D, E> Patches<(K, L), (S, T), (P, Q), (D, E)>
            for ($($front,)* C, H, W)
        where
            K: MultiplyDim<L>,
            C: MultiplyDim<ProductOf<K, L>>,
            H: Windows<K, S, P, D>,
            W: Windows<L, T, Q, E>,
            Count<H, K, S, P, D>: MultiplyDim<Count<W, L, T, Q, E>>,
        {
            type Output = (
                $($front,)*
                ProductOf<C, ProductOf<K, L>>,
                ProductOf<Count<H, K, S, P, D>, Count<W, L, T, Q, E>>,
            );
        }

        impl<$($front: Dim,)* C, N, H: Dim, W: Dim, K, L, S, T, P, Q, D, E>
            PatchesOf<(H, W), (K, L), (S, T), (P, Q), (D, E)> for ($($front,)* C, N)
        where
            K: MultiplyDim<L>,
            C: StaticDim + DividedBy<ProductOf<K, L>>,
            H: Windows<K, S, P, D>,
            W: Windows<L, T, Q, E>,
            Count<H, K, S, P, D>: MultiplyDim<Count<W, L, T, Q, E>>,
            N: SameSize<ProductOf<Count<H, K, S, P, D>, Count<W, L, T, Q, E>>>,
        {
            type Output = ($($front,)* <C as DividedBy<ProductOf<K, L>>>::Output, H, W);
        }
    };
}

patches!();
patches!(B);
