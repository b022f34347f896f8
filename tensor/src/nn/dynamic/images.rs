//! Other sizes, and other places of the same elements.

use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, Interpolate, Resize};
use crate::nn::dynamic::{Layer, members};
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// How large the result of [`Upsample`] is: a number for each axis behind batch and channels, or one for all of them.
#[derive(Clone, Debug, PartialEq)]
pub enum UpsampleTo {
    /// Its sizes.
    Sizes(Vec<usize>),
    /// What the sizes of the input are multiplied by; the products are rounded down.
    Factors(Vec<f64>),
}

/// `[batch, channels, ..]` in other sizes along its one to three last axes, with elements computed from their neighbours.
///
/// ```
/// use tensor::dynamic::{Upsample, UpsampleTo};
/// use tensor::prelude::*;
/// let layer = Upsample::new(UpsampleTo::Factors(vec![2.]));
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 2.], &[1, 1, 2])?;
/// assert_eq!(layer.forward(&x)?.to_vec()?, [1., 1., 2., 2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Upsample {
    /// Sizes or factors.
    pub to: UpsampleTo,
    /// How elements come about: as the nearest one, at first.
    pub options: Interpolate,
}

members!(Upsample {});

impl Upsample {
    /// A layer that takes the nearest elements.
    pub fn new(to: UpsampleTo) -> Self {
        Self::with(to, Interpolate::default())
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::{Upsample, UpsampleTo};
    /// use tensor::functional::{Interpolate, Interpolation};
    /// use tensor::prelude::*;
    /// let options = Interpolate { mode: Interpolation::Linear, ..Default::default() };
    /// let layer = Upsample::with(UpsampleTo::Sizes(vec![4]), options);
    /// assert_eq!(layer.forward(&tensor![[[0., 4.]]].into_dynamic())?.to_vec()?, [0., 1., 3., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn with(to: UpsampleTo, options: Interpolate) -> Self {
        Self { to, options }
    }
}

impl<T: Float> Layer<T> for Upsample {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let to = match &self.to {
            UpsampleTo::Sizes(sizes) => Resize::Sizes(sizes),
            UpsampleTo::Factors(factors) => Resize::Factors(factors),
        };
        functional::interpolate(x, to, self.options)
    }
}

macro_rules! shuffles {
    ($($(#[$doc:meta])* $Name:ident $factor:ident: $factor_doc:literal, $function:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $Name {
                #[doc = $factor_doc]
                pub $factor: usize,
            }

            members!($Name {});

            impl $Name {
                /// A layer with this number.
                pub fn new($factor: usize) -> Self {
                    Self { $factor }
                }
            }

            impl<T: Float> Layer<T> for $Name {
                fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
                    functional::$function(x, self.$factor)
                }
            }
        )*
    };
}

shuffles! {
    /// `[.., channels r r, height, width]` to `[.., channels, height r, width r]`: each group of `r r` channels becomes a square of elements.
    ///
    /// Shi et al., *Real-Time Single Image and Video Super-Resolution*, 2016.
    ///
    /// ```
    /// use tensor::dynamic::PixelShuffle;
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_vec(vec![1., 2., 3., 4.], &[1, 4, 1, 1])?;
    /// let y = PixelShuffle::new(2).forward(&x)?;
    /// assert_eq!((y.sizes(), y.to_vec()?), (&[1, 1, 2, 2][..], vec![1., 2., 3., 4.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    PixelShuffle upscale_factor: "How much larger height and width become.", pixel_shuffle;
    /// `[.., channels, height r, width r]` to `[.., channels r r, height, width]`: what [`PixelShuffle`] undoes.
    ///
    /// ```
    /// use tensor::dynamic::PixelUnshuffle;
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::zeros_of(&[1, 1, 4, 6])?;
    /// assert_eq!(PixelUnshuffle::new(2).forward(&x)?.sizes(), [1, 4, 2, 3]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    PixelUnshuffle downscale_factor: "How much smaller height and width become.", pixel_unshuffle;
    /// The channels of `[batch, channels, ..]` in another order: the first ones of all groups, then the second ones.
    ///
    /// Zhang et al., *ShuffleNet*, 2017.
    ///
    /// ```
    /// use tensor::dynamic::ChannelShuffle;
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::from_vec(vec![1., 2., 3., 4.], &[1, 4, 1])?;
    /// assert_eq!(ChannelShuffle::new(2).forward(&x)?.to_vec()?, [1., 3., 2., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ChannelShuffle groups: "How many groups there are.", channel_shuffle;
}

/// Some neighbouring axes as one; at first all but the batch.
///
/// ```
/// use tensor::dynamic::Flatten;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::zeros_of(&[2, 3, 4, 5])?;
/// assert_eq!(Flatten::default().forward(&x)?.sizes(), [2, 60]);
/// assert_eq!(Flatten::new(0, -2).forward(&x)?.sizes(), [24, 5]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flatten {
    /// The first of them. 1.
    pub start: isize,
    /// The last of them. The last axis.
    pub end: isize,
}

impl Default for Flatten {
    fn default() -> Self {
        Self { start: 1, end: -1 }
    }
}

members!(Flatten {});

impl Flatten {
    /// A layer for the axes from one to another, which is included.
    pub fn new(start: isize, end: isize) -> Self {
        Self { start, end }
    }
}

impl<T: Float> Layer<T> for Flatten {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        x.flatten(self.start, self.end)
    }
}

/// One axis as several of these sizes, whose product is its own; one of them may be -1, which is found.
///
/// ```
/// use tensor::dynamic::Unflatten;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::zeros_of(&[2, 60])?;
/// assert_eq!(Unflatten::new(1, &[3, -1, 5]).forward(&x)?.sizes(), [2, 3, 4, 5]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unflatten {
    /// The axis.
    pub axis: isize,
    /// The sizes that it falls into.
    pub sizes: Vec<isize>,
}

members!(Unflatten {});

impl Unflatten {
    /// A layer for an axis and the sizes that it falls into.
    pub fn new(axis: isize, sizes: &[isize]) -> Self {
        Self {
            axis,
            sizes: sizes.to_vec(),
        }
    }
}

impl<T: Float> Layer<T> for Unflatten {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        x.unflatten(self.axis, &self.sizes[..])
    }
}
