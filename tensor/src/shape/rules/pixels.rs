//! Channels that become pixels.

use super::length::DividedBy;
use crate::shape::dim::Dim;
use crate::shape::expression::{MultiplyDim, ProductOf};
use crate::shape::shape::{Ranked, Shape};

/// `[.., c r^2, h, w]` as `[.., c, h r, w r]`.
pub trait PixelShuffle<Factor>: Shape {
    /// The shape of the result.
    type Output: Ranked;
}

macro_rules! pixels {
    ($($front:ident)*) => {
        impl<$($front: Dim,)* C, H, W, R> PixelShuffle<R> for ($($front,)* C, H, W)
        where
            R: MultiplyDim<R>,
            C: DividedBy<ProductOf<R, R>>,
            H: MultiplyDim<R>,
            W: MultiplyDim<R>,
        {
            type Output = ($($front,)* <C as DividedBy<ProductOf<R, R>>>::Output, ProductOf<H, R>, ProductOf<W, R>);
        }
    };
}

pixels!();
pixels!(A);
pixels!(A B);
