//! The layers of a transformer: encoder and decoder.

use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::functional::dropout;
use crate::nn::dynamic::attention::{divided, probability};
use crate::nn::dynamic::{
    AttentionOptions, Layer, LayerNorm, LayerNormOptions, Linear, Masks, MultiheadAttention, fresh, members,
};
use crate::nn::{Builder, Chance, Init, Mode};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// What a feed-forward part bends its numbers with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// `max(x, 0)`.
    #[default]
    Relu,
    /// `x` times the normal distribution's cumulative function.
    Gelu,
}

impl Activation {
    fn of<T: Float>(self, x: &Tensor<Dynamic, T>) -> Tensor<Dynamic, T> {
        match self {
            Self::Relu => x.relu(),
            Self::Gelu => x.gelu(),
        }
    }
}

/// The options of the layers of a [`Transformer`](super::Transformer).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TransformerOptions {
    /// How many features there are between the two products of the feed-forward part. 2048.
    pub dim_feedforward: usize,
    /// With which probability numbers are dropped in training. 0.1.
    pub dropout: f64,
    /// What the feed-forward part bends its numbers with. Relu.
    pub activation: Activation,
    /// What the norms add to the variance. 1e-5.
    pub layer_norm_eps: f64,
    /// Whether the first axis is that of the sequences, and not that of their elements. No.
    pub batch_first: bool,
    /// Whether norms are before attention and feed-forward part, and not after the sum. No.
    pub norm_first: bool,
    /// Whether products and norms have biases. Yes.
    pub bias: bool,
}

impl Default for TransformerOptions {
    fn default() -> Self {
        Self {
            dim_feedforward: 2048,
            dropout: 0.1,
            activation: Activation::Relu,
            layer_norm_eps: 1e-5,
            batch_first: false,
            norm_first: false,
            bias: true,
        }
    }
}

/// How the weights of products begin.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// As those of a [`Linear`].
    Linear,
    /// As Glorot and Bengio have it.
    Glorot,
}

impl Start {
    fn of(self, inputs: usize, outputs: usize) -> Init {
        match self {
            Self::Linear => Init::linear(inputs),
            Self::Glorot => Init::glorot(inputs, outputs),
        }
    }
}

/// The sizes of a layer, and how it is made.
#[derive(Clone, Copy)]
pub(super) struct Blueprint {
    pub(super) features: usize,
    pub(super) heads: usize,
    pub(super) seed: Seed,
    pub(super) start: Start,
    pub(super) options: TransformerOptions,
}

impl Blueprint {
    pub(super) fn check(self) -> Result<()> {
        divided(self.features, self.heads)?;
        probability("dropout", self.options.dropout)
    }

    /// The same for a part, which drops other numbers.
    pub(super) fn part(self, index: usize) -> Self {
        Self {
            seed: self.seed.part(index as u64),
            ..self
        }
    }

    fn attention<T: Float>(self, builder: &mut Builder<'_>, name: &str, index: usize) -> MultiheadAttention<T> {
        let options = AttentionOptions {
            dropout: self.options.dropout,
            bias: self.options.bias,
            batch_first: self.options.batch_first,
            ..AttentionOptions::default()
        };
        let output = self.start.of(self.features, self.features);
        builder.within(name, |builder| {
            MultiheadAttention::built(
                builder,
                self.part(index).seed,
                self.features,
                self.heads,
                output,
                options,
            )
        })
    }

    fn linear<T: Float>(self, builder: &mut Builder<'_>, name: &str, [inputs, outputs]: [usize; 2]) -> Linear<T> {
        let bias = self.options.bias.then(|| Init::linear(inputs));
        let weight = self.start.of(inputs, outputs);
        builder.within(name, |builder| Linear::built(builder, [inputs, outputs], weight, bias))
    }

    pub(super) fn norm<T: Float>(self, builder: &mut Builder<'_>, name: &str) -> LayerNorm<T> {
        let options = LayerNormOptions {
            eps: self.options.layer_norm_eps,
            elementwise_affine: true,
            bias: self.options.bias,
        };
        builder.within(name, |builder| LayerNorm::built(builder, &[self.features], options))
    }

    fn feed_forward<T: Float>(self, builder: &mut Builder<'_>) -> [Linear<T>; 2] {
        let (features, wide) = (self.features, self.options.dim_feedforward);
        [
            self.linear(builder, "linear1", [features, wide]),
            self.linear(builder, "linear2", [wide, features]),
        ]
    }
}

/// What encoder and decoder layers do alike.
struct Block<'a, T: Float> {
    linear1: &'a Linear<T>,
    linear2: &'a Linear<T>,
    activation: Activation,
    /// The probability, where anything is dropped, and the seed of this forward.
    dropout: Option<(f64, Seed)>,
}

impl<T: Float> Block<'_, T> {
    /// `x` with numbers dropped; each place drops others.
    fn dropped(&self, x: &Tensor<Dynamic, T>, place: u64) -> Result<Tensor<Dynamic, T>> {
        match self.dropout {
            Some((p, seed)) => dropout(x, p, seed.part(place)),
            None => Ok(x.clone()),
        }
    }

    fn feed_forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let wide = self.activation.of(&self.linear1.forward(x)?);
        self.dropped(&self.linear2.forward(&self.dropped(&wide, 0)?)?, 1)
    }
}

/// `x + inner(norm(x))`, or `norm(x + inner(x))`.
fn residual<T: Float>(
    x: &Tensor<Dynamic, T>,
    norm: &LayerNorm<T>,
    norm_first: bool,
    inner: impl FnOnce(&Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>>,
) -> Result<Tensor<Dynamic, T>> {
    if norm_first {
        x.add(&inner(&norm.forward(x)?)?)
    } else {
        norm.forward(&x.add(&inner(x)?)?)
    }
}

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
    pub fn new(device: &Device, seed: Seed, features: usize, heads: usize) -> Result<Self> {
        Self::with(device, seed, features, heads, TransformerOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the device has no room, the heads do not divide the features, or `dropout` is no probability.
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
    pub fn causal() -> Self {
        Self {
            target: Masks::causal(),
            memory: Masks::default(),
        }
    }
}

/// `y = norm1(x + self_attn(x, x, x))`, `z = norm2(y + multihead_attn(y, memory, memory))`, `norm3(z + linear2(f(linear1(z))))`, with dropouts;
/// with `norm_first` the norms are before attentions and products. Sizes stay, and are those of [`TransformerEncoderLayer`].
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
    pub fn new(device: &Device, seed: Seed, features: usize, heads: usize) -> Result<Self> {
        Self::with(device, seed, features, heads, TransformerOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the device has no room, the heads do not divide the features, or `dropout` is no probability.
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
