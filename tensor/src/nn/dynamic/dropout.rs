//! Dropout: in training something is dropped at random, in evaluation nothing.

use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional::dropped;
use crate::layout::describe;
use crate::nn::dynamic::arguments::probability;
use crate::nn::dynamic::{Layer, members};
use crate::nn::{Chance, Mode};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// Where a mask is one for a whole channel: the sizes of the mask, or `None` where the input is no such thing.
fn channels(x: &Value, axes: usize) -> Option<Vec<usize>> {
    let lead = x.layout.rank().checked_sub(axes)?;
    if !matches!(lead, 1 | 2) {
        return None;
    }
    let sizes = x.sizes().iter().enumerate();
    Some(sizes.map(|(axis, &size)| if axis < lead { size } else { 1 }).collect())
}

/// `x` with whole channels of it dropped, before `axes` further axes.
fn without_channels(name: &'static str, x: &Value, axes: usize, p: f64, chance: &Chance) -> Result<Value> {
    let sizes = channels(x, axes).ok_or_else(|| {
        Error::shape(
            name,
            format!("an input of {} axes, or of {} with a batch", axes + 1, axes + 2),
            describe(x.sizes()),
        )
    })?;
    let ones = Value::filled(x.device(), x.dtype(), 1.0, &sizes);
    x.mul(&dropped(&ones, p, chance.next())?)
}

/// What a dropped element becomes in an alpha dropout: where SELU ends, `-1.0507.. * 1.6733..`.
const ALPHA: f64 = -1.758_099_340_847_376_6;

/// Elements dropped to [`ALPHA`], and all of it scaled so that mean 0 and variance 1 stay. `sizes` are those of the mask.
fn alpha(x: &Value, sizes: &[usize], p: f64, chance: &Chance) -> Result<Value> {
    let ones = Value::filled(x.device(), x.dtype(), 1.0, sizes);
    // 1 for what is kept: what is dropped by `p` comes out as 0 or `1 / (1 - p)`.
    let kept = dropped(&ones, p, chance.next())?.sign();
    if p == 1.0 {
        return x.mul(&x.constant(0.0));
    }
    let scale = ((1.0 - p) * (1.0 + p * ALPHA * ALPHA)).powf(-0.5);
    let shift = kept.affine(-ALPHA * scale, ALPHA * scale - scale * p * ALPHA);
    x.mul(&kept.scale(scale))?.add(&shift)
}

macro_rules! dropouts {
    ($($(#[$doc:meta])* $Name:ident |$x:ident, $p:ident, $chance:ident| $y:expr;)*) => {
        $(
            $(#[$doc])*
            ///
            /// The same seed drops the same elements, each forward others; a clone goes on from the same place.
            #[derive(Clone, Debug)]
            pub struct $Name {
                /// The probability.
                p: f64,
                /// Training or evaluation.
                pub mode: Mode,
                chance: Chance,
            }

            members!($Name { mode });

            impl $Name {
                /// A layer that drops with probability `p`; PyTorch's default is 0.5.
                ///
                /// # Errors
                /// Where `p` is not from 0 to 1.
                pub fn new(seed: Seed, p: f64) -> Result<Self> {
                    probability("p", p)?;
                    Ok(Self {
                        p,
                        mode: Mode::default(),
                        chance: Chance::new(seed),
                    })
                }

                /// The probability.
                ///
                /// ```
                /// use tensor::prelude::*;
                #[doc = concat!("assert_eq!(tensor::dynamic::", stringify!($Name), "::new(Seed(0), 0.25)?.p(), 0.25);")]
                /// # Ok::<(), tensor::Error>(())
                /// ```
                pub fn p(&self) -> f64 {
                    self.p
                }
            }

            impl<T: Float> Layer<T> for $Name {
                fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
                    if !self.mode.is_training() || self.p == 0.0 {
                        return Ok(x.clone());
                    }
                    let ($x, $p, $chance) = (x.value(), self.p, &self.chance);
                    $y.map(Tensor::of)
                }
            }
        )*
    };
}

dropouts! {
    /// In training `x / (1 - p)` with each element 0 instead with probability `p`.
    ///
    /// Srivastava et al., *Dropout*, 2014.
    ///
    /// ```
    /// use tensor::dynamic::Dropout;
    /// use tensor::prelude::*;
    /// let mut layer = Dropout::new(Seed(1), 0.5)?;
    /// let x = Tensor::<Dynamic>::ones_of(&[100])?;
    /// let y = layer.forward(&x)?.to_vec()?;
    /// assert!(y.iter().all(|&y| y == 0. || y == 2.) && y.contains(&0.) && y.contains(&2.));
    /// layer.eval();
    /// assert_eq!(layer.forward(&x)?, x);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    Dropout |x, p, chance| dropped(x, p, chance.next());
    /// In training `x / (1 - p)` with each channel of `[batch, channels, length]`, or without the batch, 0 instead with probability `p`.
    ///
    /// Tompson et al., *Efficient Object Localization Using Convolutional Networks*, 2015.
    Dropout1d |x, p, chance| without_channels("dropout1d", x, 1, p, chance);
    /// In training `x / (1 - p)` with each channel of `[batch, channels, height, width]`, or without the batch, 0 instead with probability
    /// `p`.
    ///
    /// Tompson et al., *Efficient Object Localization Using Convolutional Networks*, 2015.
    ///
    /// ```
    /// use tensor::dynamic::Dropout2d;
    /// use tensor::prelude::*;
    /// let y = Dropout2d::new(Seed(1), 0.5)?.forward(&Tensor::<Dynamic>::ones_of(&[1, 9, 2, 2])?)?.to_vec()?;
    /// assert!(y.chunks(4).all(|channel| channel == [0.; 4] || channel == [2.; 4]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    Dropout2d |x, p, chance| without_channels("dropout2d", x, 2, p, chance);
    /// In training `x / (1 - p)` with each channel of `[batch, channels, depth, height, width]`, or without the batch, 0 instead with
    /// probability `p`.
    ///
    /// Tompson et al., *Efficient Object Localization Using Convolutional Networks*, 2015.
    Dropout3d |x, p, chance| without_channels("dropout3d", x, 3, p, chance);
    /// In training each element becomes, with probability `p`, where SELU ends, and all are scaled so that a mean of 0 and a variance of 1
    /// stay.
    ///
    /// Klambauer et al., *Self-Normalizing Neural Networks*, 2017.
    ///
    /// ```
    /// use tensor::dynamic::AlphaDropout;
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::randn(&[10000], 1)?;
    /// let y = AlphaDropout::new(Seed(1), 0.3)?.forward(&x)?;
    /// assert!(y.mean().item()?.abs() < 0.05 && (y.square().mean().item()? - 1.).abs() < 0.05);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    AlphaDropout |x, p, chance| alpha(x, x.sizes(), p, chance);
    /// [`AlphaDropout`] of whole channels of `[batch, channels, ..]`.
    FeatureAlphaDropout |x, p, chance| match x.layout.rank() {
        0 | 1 => Err(Error::shape("feature_alpha_dropout", "an input of batch, channels and more", describe(x.sizes()))),
        rank => {
            let sizes = [&x.sizes()[..2], &vec![1; rank - 2]].concat();
            alpha(x, &sizes, p, chance)
        }
    };
}
