//! Dropout: in training something is dropped at random, in evaluation nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional::dropped_by;
use crate::kernels::chain::Random;
use crate::layout::describe;
use crate::nn::Mode;
use crate::nn::dynamic::{Layer, members};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tape::{Value, drawn};
use crate::tensors::Tensor;

/// Where the random numbers of a layer come from: each forward in training takes the next of the seed's streams. A clone goes on from the
/// same place.
#[derive(Debug)]
pub(crate) struct Draws {
    seed: Seed,
    calls: AtomicU64,
}

impl Draws {
    pub(crate) fn new(seed: Seed) -> Self {
        Self {
            seed,
            calls: AtomicU64::new(0),
        }
    }

    /// The random numbers of the next forward; the same ones where it is computed again.
    pub(crate) fn next(&self) -> Random {
        Random {
            seed: self.seed.0,
            // From 1 on: the streams of call 0 are those that first parameters are drawn from.
            call: drawn(|| self.calls.fetch_add(1, Ordering::Relaxed) + 1),
        }
    }
}

impl Clone for Draws {
    fn clone(&self) -> Self {
        Self {
            seed: self.seed,
            calls: AtomicU64::new(self.calls.load(Ordering::Relaxed)),
        }
    }
}

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
fn without_channels(name: &'static str, x: &Value, axes: usize, p: f64, draws: &Draws) -> Result<Value> {
    let sizes = channels(x, axes).ok_or_else(|| {
        Error::shape(
            name,
            format!("an input of {} axes, or of {} with a batch", axes + 1, axes + 2),
            describe(x.sizes()),
        )
    })?;
    let ones = Value::filled(x.device(), x.dtype(), 1.0, &sizes);
    x.mul(&dropped_by(&ones, p, draws.next(), 0)?)
}

/// What a dropped element becomes in an alpha dropout: where SELU ends, `-1.0507.. * 1.6733..`.
const ALPHA: f64 = -1.758_099_340_847_376_6;

/// Elements dropped to [`ALPHA`], and all of it scaled so that mean 0 and variance 1 stay. `sizes` are those of the mask.
fn alpha(x: &Value, sizes: &[usize], p: f64, draws: &Draws) -> Result<Value> {
    let ones = Value::filled(x.device(), x.dtype(), 1.0, sizes);
    // 1 for what is kept: what is dropped by `p` comes out as 0 or `1 / (1 - p)`.
    let kept = dropped_by(&ones, p, draws.next(), 0)?.sign();
    if p == 1.0 {
        return x.mul(&x.constant(0.0));
    }
    let scale = ((1.0 - p) * (1.0 + p * ALPHA * ALPHA)).powf(-0.5);
    let shift = kept.affine(-ALPHA * scale, ALPHA * scale - scale * p * ALPHA);
    x.mul(&kept.scale(scale))?.add(&shift)
}

/// That `p` is a probability.
fn probability(p: f64) -> Result<()> {
    if (0.0..=1.0).contains(&p) {
        return Ok(());
    }
    Err(Error::argument("p", "a probability from 0 to 1", p))
}

macro_rules! dropouts {
    ($($(#[$doc:meta])* $Name:ident |$x:ident, $p:ident, $draws:ident| $y:expr;)*) => {
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
                draws: Draws,
            }

            members!($Name { mode });

            impl $Name {
                /// A layer that drops with probability `p`; PyTorch's default is 0.5.
                ///
                /// # Errors
                /// Where `p` is not from 0 to 1.
                pub fn new(seed: Seed, p: f64) -> Result<Self> {
                    probability(p)?;
                    Ok(Self {
                        p,
                        mode: Mode::default(),
                        draws: Draws::new(seed),
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
                    let ($x, $p, $draws) = (x.value(), self.p, &self.draws);
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
    Dropout |x, p, draws| dropped_by(x, p, draws.next(), 0);
    /// In training `x / (1 - p)` with each channel of `[batch, channels, length]`, or without the batch, 0 instead with probability `p`.
    ///
    /// Tompson et al., *Efficient Object Localization Using Convolutional Networks*, 2015.
    Dropout1d |x, p, draws| without_channels("dropout1d", x, 1, p, draws);
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
    Dropout2d |x, p, draws| without_channels("dropout2d", x, 2, p, draws);
    /// In training `x / (1 - p)` with each channel of `[batch, channels, depth, height, width]`, or without the batch, 0 instead with
    /// probability `p`.
    ///
    /// Tompson et al., *Efficient Object Localization Using Convolutional Networks*, 2015.
    Dropout3d |x, p, draws| without_channels("dropout3d", x, 3, p, draws);
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
    AlphaDropout |x, p, draws| alpha(x, x.sizes(), p, draws);
    /// [`AlphaDropout`] of whole channels of `[batch, channels, ..]`.
    FeatureAlphaDropout |x, p, draws| match x.layout.rank() {
        0 | 1 => Err(Error::shape("feature_alpha_dropout", "an input of batch, channels and more", describe(x.sizes()))),
        rank => {
            let sizes = [&x.sizes()[..2], &vec![1; rank - 2]].concat();
            alpha(x, &sizes, p, draws)
        }
    };
}
