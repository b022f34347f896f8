//! A layer of an encoder.

use super::block::{Activation, Block, Blueprint, Start, TransformerOptions, residual};
use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::nn::dynamic::{Layer, LayerNorm, Linear, Masks, MultiheadAttention, fresh, members};
use crate::nn::{Builder, Chance, Mode};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// `y = norm1(x + attention(x, x, x))`, `norm2(y + linear2(f(linear1(y))))`, with dropouts; with `norm_first` the norms are before attention
/// and products. Sizes stay: `[length, batch, features]`, `[batch, length, features]` with `batch_first`, or `[length, features]`.
///
/// A. Vaswani et al., *Attention is all you need*, 2017; with `norm_first`, R. Xiong et al., *On layer normalization in the transformer architecture*,
/// 2020.
///
/// ```
/// use tensor::dynamic::{Activation, Layer, Masks, TransformerEncoderLayer, TransformerOptions};
/// use tensor::prelude::*;
/// let options = TransformerOptions { dim_feedforward: 16, activation: Activation::Gelu, ..Default::default() };
/// let layer = TransformerEncoderLayer::with(&Device::cpu(), Seed(0), 8, 2, options)?;
/// let x = Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?;
/// assert_eq!(layer.forward(&x)?.sizes(), [5, 3, 8]);
/// assert_eq!(layer.forward_with(&x, Masks::causal())?.sizes(), [5, 3, 8]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TransformerEncoderLayer<T: Float = f32> {
    /// Attention to the sequence itself.
    pub self_attn: MultiheadAttention<T>,
    /// From the features to `dim_feedforward`.
    pub linear1: Linear<T>,
    /// And back.
    pub linear2: Linear<T>,
    /// Of the attention.
    pub norm1: LayerNorm<T>,
    /// Of the feed-forward part.
    pub norm2: LayerNorm<T>,
    /// What the feed-forward part bends its numbers with.
    pub activation: Activation,
    /// Whether norms come first.
    pub norm_first: bool,
    /// With which probability numbers are dropped in training.
    pub dropout: f64,
    /// Training or evaluation.
    pub mode: Mode,
    /// Where the dropouts come from.
    pub chance: Chance,
}

members!([T: Float] TransformerEncoderLayer<T> { self_attn, linear1, linear2, norm1, norm2, mode });

impl<T: Float> TransformerEncoderLayer<T> {
    /// A layer for so many features and heads.
    ///
    /// # Errors
    /// Where the device has no room, or the heads do not divide the features.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::TransformerEncoderLayer::<f32>::new(&Device::cpu(), Seed(0), 8, 2)?;
    /// assert_eq!(layer.linear1.weight.sizes(), [2048, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(device: &Device, seed: Seed, features: usize, heads: usize) -> Result<Self> {
        Self::with(device, seed, features, heads, TransformerOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the device has no room, the heads do not divide the features, or `dropout` is no probability.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{TransformerEncoderLayer, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, norm_first: true, ..Default::default() };
    /// let layer = TransformerEncoderLayer::<f32>::with(&Device::cpu(), Seed(0), 8, 2, options)?;
    /// assert_eq!(layer.linear1.weight.sizes(), [16, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn with(
        device: &Device,
        seed: Seed,
        features: usize,
        heads: usize,
        options: TransformerOptions,
    ) -> Result<Self> {
        let start = Start::Linear;
        let blueprint = Blueprint {
            features,
            heads,
            seed,
            start,
            options,
        };
        blueprint.check()?;
        fresh::<T, Self>(device, seed, &|builder| Self::built(builder, blueprint))
    }

    /// A part of a larger module.
    pub(super) fn built(builder: &mut Builder<'_>, blueprint: Blueprint) -> Self {
        let self_attn = blueprint.attention(builder, "self_attn", 0);
        let [linear1, linear2] = blueprint.feed_forward(builder);
        Self {
            self_attn,
            linear1,
            linear2,
            norm1: blueprint.norm(builder, "norm1"),
            norm2: blueprint.norm(builder, "norm2"),
            activation: blueprint.options.activation,
            norm_first: blueprint.options.norm_first,
            dropout: blueprint.options.dropout,
            mode: Mode::default(),
            chance: Chance::new(blueprint.seed),
        }
    }

    /// The output with masks.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Masks, TransformerEncoderLayer, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
    /// let layer = TransformerEncoderLayer::with(&Device::cpu(), Seed(0), 8, 2, options)?;
    /// let x = Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?;
    /// assert_eq!(layer.forward_with(&x, Masks::causal())?.sizes(), [5, 3, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward_with(&self, x: &Tensor<Dynamic, T>, masks: Masks<'_, T>) -> Result<Tensor<Dynamic, T>> {
        let drops = self.mode.is_training() && self.dropout > 0.0;
        let block = Block {
            linear1: &self.linear1,
            linear2: &self.linear2,
            activation: self.activation,
            dropout: drops.then(|| (self.dropout, self.chance.next())),
        };
        let x = residual(x, &self.norm1, self.norm_first, |x| {
            block.dropped(&self.self_attn.forward(x, x, x, masks)?, 2)
        })?;
        residual(&x, &self.norm2, self.norm_first, |x| block.feed_forward(x))
    }
}

impl<T: Float> Layer<T> for TransformerEncoderLayer<T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        self.forward_with(x, Masks::default())
    }
}
