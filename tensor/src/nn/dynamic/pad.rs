//! Borders as layers.

use crate::element::{Element, Float};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::nn::dynamic::{Layer, members};
use crate::ops::pad::Pad;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// Sizes before and behind each of the `N` last axes, from the last one on: one size for all of them, or PyTorch's list `[left, right,
/// top, bottom, front, back]`, as far as there are axes. Negative ones cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borders<const N: usize>(pub [(isize, isize); N]);

impl<const N: usize> From<isize> for Borders<N> {
    fn from(size: isize) -> Self {
        Self([(size, size); N])
    }
}

impl<const N: usize> From<[(isize, isize); N]> for Borders<N> {
    fn from(pairs: [(isize, isize); N]) -> Self {
        Self(pairs)
    }
}

impl From<[isize; 2]> for Borders<1> {
    fn from([left, right]: [isize; 2]) -> Self {
        Self([(left, right)])
    }
}

impl From<[isize; 4]> for Borders<2> {
    fn from([left, right, top, bottom]: [isize; 4]) -> Self {
        Self([(left, right), (top, bottom)])
    }
}

impl From<[isize; 6]> for Borders<3> {
    fn from([left, right, top, bottom, front, back]: [isize; 6]) -> Self {
        Self([(left, right), (top, bottom), (front, back)])
    }
}

/// Pads the last `N` axes of `[batch, channels, ..]`, or of `[channels, ..]`.
fn padded<const N: usize, T: Float>(
    name: &'static str,
    x: &Tensor<Dynamic, T>,
    Borders(borders): Borders<N>,
    with: Pad<T>,
) -> Result<Tensor<Dynamic, T>> {
    let rank = x.sizes().len();
    if !(N + 1..=N + 2).contains(&rank) {
        return Err(Error::shape(
            name,
            format!("an input of {} axes, or of {} with a batch", N + 1, N + 2),
            describe(x.sizes()),
        ));
    }
    let pads: Vec<isize> = borders.iter().flat_map(|&(before, behind)| [before, behind]).collect();
    x.pad(&pads, with)
}

macro_rules! paddings {
    ($($(#[$doc:meta])* $Name:ident $name:literal $pad:expr, $example:literal, $One:ident $Two:ident $Three:ident;)*) => {
        $(
            $(#[$doc])*
            ///
            #[doc = concat!("See [`", stringify!($One), "`], [`", stringify!($Two), "`], [`", stringify!($Three), "`].")]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $Name<const N: usize> {
                /// Sizes before and behind each axis, from the last one on.
                pub padding: Borders<N>,
            }

            members!([const N: usize] $Name<N> {});

            impl<const N: usize> $Name<N> {
                /// A layer with these borders: one size for all, or `[left, right, top, ..]`.
                pub fn new(padding: impl Into<Borders<N>>) -> Self {
                    Self {
                        padding: padding.into(),
                    }
                }
            }

            impl<const N: usize, T: Float> Layer<T> for $Name<N> {
                fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
                    padded($name, x, self.padding, $pad)
                }
            }

            #[doc = concat!("[`", stringify!($Name), "`] of `[batch, channels, length]`.")]
            ///
            /// ```
            #[doc = concat!("use tensor::dynamic::", stringify!($One), ";")]
            /// use tensor::prelude::*;
            /// let x = Tensor::<Dynamic>::from_vec(vec![1., 2., 3.], &[1, 3])?;
            #[doc = concat!("assert_eq!(", stringify!($One), "::new([2, 1]).forward(&x)?.to_vec()?, ", $example, ");")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub type $One = $Name<1>;
            #[doc = concat!("[`", stringify!($Name), "`] of `[batch, channels, height, width]`.")]
            pub type $Two = $Name<2>;
            #[doc = concat!("[`", stringify!($Name), "`] of `[batch, channels, depth, height, width]`.")]
            pub type $Three = $Name<3>;
        )*
    };
}

paddings! {
    /// Zeros around the `N` last axes.
    ZeroPad "zero_pad" Pad::Constant(<T as Element>::from_f64(0.0)), "[0., 0., 1., 2., 3., 0.]", ZeroPad1d ZeroPad2d ZeroPad3d;
    /// What lies on the other side of the edge, which is not repeated, around the `N` last axes.
    ReflectionPad "reflection_pad" Pad::Reflect, "[3., 2., 1., 2., 3., 2.]", ReflectionPad1d ReflectionPad2d ReflectionPad3d;
    /// The element at the edge around the `N` last axes.
    ReplicationPad "replication_pad" Pad::Replicate, "[1., 1., 1., 2., 3., 3.]", ReplicationPad1d ReplicationPad2d ReplicationPad3d;
    /// What comes at the other end around the `N` last axes.
    CircularPad "circular_pad" Pad::Circular, "[2., 3., 1., 2., 3., 1.]", CircularPad1d CircularPad2d CircularPad3d;
}

/// One number around the `N` last axes. See [`ConstantPad1d`], [`ConstantPad2d`], [`ConstantPad3d`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConstantPad<const N: usize> {
    /// Sizes before and behind each axis, from the last one on.
    pub padding: Borders<N>,
    /// The number.
    pub value: f64,
}

members!([const N: usize] ConstantPad<N> {});

impl<const N: usize> ConstantPad<N> {
    /// A layer with these borders: one size for all, or `[left, right, top, ..]`.
    pub fn new(padding: impl Into<Borders<N>>, value: f64) -> Self {
        Self {
            padding: padding.into(),
            value,
        }
    }
}

impl<const N: usize, T: Float> Layer<T> for ConstantPad<N> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        padded(
            "constant_pad",
            x,
            self.padding,
            Pad::Constant(<T as Element>::from_f64(self.value)),
        )
    }
}

/// [`ConstantPad`] of `[batch, channels, length]`.
///
/// ```
/// use tensor::dynamic::ConstantPad1d;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 2., 3.], &[1, 3])?;
/// assert_eq!(ConstantPad1d::new([1, -1], 7.).forward(&x)?.to_vec()?, [7., 1., 2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type ConstantPad1d = ConstantPad<1>;
/// [`ConstantPad`] of `[batch, channels, height, width]`.
pub type ConstantPad2d = ConstantPad<2>;
/// [`ConstantPad`] of `[batch, channels, depth, height, width]`.
pub type ConstantPad3d = ConstantPad<3>;
