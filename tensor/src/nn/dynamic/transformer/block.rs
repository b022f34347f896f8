//! What the layers of a transformer are made of.

use crate::element::Float;
use crate::error::Result;
use crate::functional::dropout;
use crate::nn::dynamic::arguments::{divided, probability};
use crate::nn::dynamic::{AttentionOptions, Layer, LayerNorm, LayerNormOptions, Linear, MultiheadAttention};
use crate::nn::{Builder, Init};
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

    pub(super) fn attention<T: Float>(
        self,
        builder: &mut Builder<'_>,
        name: &str,
        index: usize,
    ) -> MultiheadAttention<T> {
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

    pub(super) fn linear<T: Float>(
        self,
        builder: &mut Builder<'_>,
        name: &str,
        [inputs, outputs]: [usize; 2],
    ) -> Linear<T> {
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

    pub(super) fn feed_forward<T: Float>(self, builder: &mut Builder<'_>) -> [Linear<T>; 2] {
        let (features, wide) = (self.features, self.options.dim_feedforward);
        [
            self.linear(builder, "linear1", [features, wide]),
            self.linear(builder, "linear2", [wide, features]),
        ]
    }
}

/// What encoder and decoder layers do alike.
pub(super) struct Block<'a, T: Float> {
    pub(super) linear1: &'a Linear<T>,
    pub(super) linear2: &'a Linear<T>,
    pub(super) activation: Activation,
    /// The probability, where anything is dropped, and the seed of this forward.
    pub(super) dropout: Option<(f64, Seed)>,
}

impl<T: Float> Block<'_, T> {
    /// `x` with numbers dropped; each place drops others.
    pub(super) fn dropped(&self, x: &Tensor<Dynamic, T>, place: u64) -> Result<Tensor<Dynamic, T>> {
        match self.dropout {
            Some((p, seed)) => dropout(x, p, seed.part(place)),
            None => Ok(x.clone()),
        }
    }

    pub(super) fn feed_forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let wide = self.activation.of(&self.linear1.forward(x)?);
        self.dropped(&self.linear2.forward(&self.dropped(&wide, 0)?)?, 1)
    }
}

/// `x + inner(norm(x))`, or `norm(x + inner(x))`.
pub(super) fn residual<T: Float>(
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
