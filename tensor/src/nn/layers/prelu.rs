//! What a rectifier has learned.

use crate::element::Float;
use crate::nn::{Builder, Init, Module, Parameter, Walk};
use crate::shape::{Dim, StaticDim};

/// The bits of 0.25.
const QUARTER: u64 = 0.25_f64.to_bits();

/// What `prelu` has learned: `x` where positive, `weight x` elsewhere, with one weight or one for each channel.
///
/// `weight` is `[Weights]` and starts as 0.25, or as the number with the bits `INIT`. He et al., *Delving Deep into Rectifiers*, 2015.
///
/// ```
/// use tensor::prelude::*;
/// net! { #[input(3, 8)] type Net = prelu(3, init = 0.5) }
/// let net = Net::new(&Device::cpu(), Seed(0));
/// assert_eq!(net.0.weight.to_vec()?, [0.5; 3]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prelu<Weights: Dim, T: Float = f32, const INIT: u64 = QUARTER> {
    /// `[Weights]`.
    pub weight: Parameter<(Weights,), T>,
}

impl<Weights: StaticDim, T: Float, const INIT: u64> Module<T> for Prelu<Weights, T, INIT> {
    fn build(builder: &mut Builder<'_>) -> Self {
        let init = Init::Constant(f64::from_bits(INIT));
        Self {
            weight: builder.parameter("weight", &[Weights::SIZE], init),
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("weight", &self.weight);
    }
}
