//! A layer of a decoder.

use super::block::{Activation, Block, Blueprint, Start, TransformerOptions, residual};
use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::nn::dynamic::{LayerNorm, Linear, Masks, MultiheadAttention, fresh, members};
use crate::nn::{Builder, Chance, Mode};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// The masks of a decoder.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecoderMasks<'a, T: Float = f32> {
    /// Of the attention to the sequence itself.
    pub target: Masks<'a, T>,
    /// Of the attention to the memory.
    pub memory: Masks<'a, T>,
}

impl<T: Float> DecoderMasks<'_, T> {
    /// In the sequence itself, what is not behind; in the memory, everything.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{DecoderMasks, TransformerDecoderLayer, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
    /// let layer = TransformerDecoderLayer::with(&Device::cpu(), Seed(0), 8, 2, options)?;
    /// let (x, memory) = (Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?, Tensor::randn(&[7, 3, 8], 2)?);
    /// assert_eq!(layer.forward(&x, &memory, DecoderMasks::causal())?.sizes(), [5, 3, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn causal() -> Self {
        Self {
            target: Masks::causal(),
            memory: Masks::default(),
        }
    }
}

/// `y = norm1(x + self_attn(x, x, x))`, `z = norm2(y + multihead_attn(y, memory, memory))`, `norm3(z + linear2(f(linear1(z))))`, with dropouts;
/// with `norm_first` the norms are before attentions and products. Sizes stay, and are those of [`TransformerEncoderLayer`](super::TransformerEncoderLayer).
///
/// A. Vaswani et al., *Attention is all you need*, 2017.
///
/// ```
/// use tensor::dynamic::{DecoderMasks, TransformerDecoderLayer, TransformerOptions};
/// use tensor::prelude::*;
/// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
/// let layer = TransformerDecoderLayer::with(&Device::cpu(), Seed(0), 8, 2, options)?;
/// let (x, memory) = (Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?, Tensor::randn(&[7, 3, 8], 2)?);
/// assert_eq!(layer.forward(&x, &memory, DecoderMasks::causal())?.sizes(), [5, 3, 8]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TransformerDecoderLayer<T: Float = f32> {
    /// Attention to the sequence itself.
    pub self_attn: MultiheadAttention<T>,
    /// Attention to the memory.
    pub multihead_attn: MultiheadAttention<T>,
    /// From the features to `dim_feedforward`.
    pub linear1: Linear<T>,
    /// And back.
    pub linear2: Linear<T>,
    /// Of the attention to the sequence itself.
    pub norm1: LayerNorm<T>,
    /// Of the attention to the memory.
    pub norm2: LayerNorm<T>,
    /// Of the feed-forward part.
    pub norm3: LayerNorm<T>,
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

members!([T: Float] TransformerDecoderLayer<T> {
    self_attn, multihead_attn, linear1, linear2, norm1, norm2, norm3, mode
});

impl<T: Float> TransformerDecoderLayer<T> {
    /// A layer for so many features and heads.
    ///
    /// # Errors
    /// Where the device has no room, or the heads do not divide the features.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::TransformerDecoderLayer::<f32>::new(&Device::cpu(), Seed(0), 8, 2)?;
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
    /// use tensor::dynamic::{TransformerDecoderLayer, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, norm_first: true, ..Default::default() };
    /// let layer = TransformerDecoderLayer::<f32>::with(&Device::cpu(), Seed(0), 8, 2, options)?;
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
        let multihead_attn = blueprint.attention(builder, "multihead_attn", 1);
        let [linear1, linear2] = blueprint.feed_forward(builder);
        Self {
            self_attn,
            multihead_attn,
            linear1,
            linear2,
            norm1: blueprint.norm(builder, "norm1"),
            norm2: blueprint.norm(builder, "norm2"),
            norm3: blueprint.norm(builder, "norm3"),
            activation: blueprint.options.activation,
            norm_first: blueprint.options.norm_first,
            dropout: blueprint.options.dropout,
            mode: Mode::default(),
            chance: Chance::new(blueprint.seed),
        }
    }

    /// The output for a sequence and a memory.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{DecoderMasks, TransformerDecoderLayer, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
    /// let layer = TransformerDecoderLayer::with(&Device::cpu(), Seed(0), 8, 2, options)?;
    /// let (x, memory) = (Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?, Tensor::randn(&[7, 3, 8], 2)?);
    /// assert_eq!(layer.forward(&x, &memory, DecoderMasks::default())?.sizes(), [5, 3, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward(
        &self,
        x: &Tensor<Dynamic, T>,
        memory: &Tensor<Dynamic, T>,
        masks: DecoderMasks<'_, T>,
    ) -> Result<Tensor<Dynamic, T>> {
        let drops = self.mode.is_training() && self.dropout > 0.0;
        let block = Block {
            linear1: &self.linear1,
            linear2: &self.linear2,
            activation: self.activation,
            dropout: drops.then(|| (self.dropout, self.chance.next())),
        };
        let x = residual(x, &self.norm1, self.norm_first, |x| {
            block.dropped(&self.self_attn.forward(x, x, x, masks.target)?, 2)
        })?;
        let x = residual(&x, &self.norm2, self.norm_first, |x| {
            block.dropped(&self.multihead_attn.forward(x, memory, memory, masks.memory)?, 3)
        })?;
        residual(&x, &self.norm3, self.norm_first, |x| block.feed_forward(x))
    }
}
