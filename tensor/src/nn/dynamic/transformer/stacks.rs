//! Encoder, decoder, and the transformer of both.

use super::block::{Blueprint, Start};
use crate::device::Device;
use crate::element::Float;
use crate::error::Result;
use crate::nn::Builder;
use crate::nn::dynamic::{
    DecoderMasks, Layer, LayerNorm, Masks, TransformerDecoderLayer, TransformerEncoderLayer, TransformerOptions,
    arguments, fresh, members,
};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

macro_rules! stack {
    ($(#[$doc:meta])* $Name:ident of $Layer:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $Name<T: Float = f32> {
            /// The layers, from the first to the last.
            pub layers: Vec<$Layer<T>>,
            /// What normalises the output of the last.
            pub norm: Option<LayerNorm<T>>,
        }

        members!([T: Float] $Name<T> { layers, norm });

        impl<T: Float> $Name<T> {
            /// So many fresh layers, without a norm behind them; `layers` and `norm` may as well be put together by hand.
            ///
            /// # Errors
            /// Where the device has no room, there is no layer, the heads do not divide the features, or `dropout` is no probability.
            ///
            /// ```
            /// use tensor::dynamic::{Module, TransformerOptions};
            /// use tensor::prelude::*;
            /// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
            #[doc = concat!("let layers = tensor::dynamic::", stringify!($Name), "::<f32>::new(&Device::cpu(), Seed(0), 8, 2, 3, options)?;")]
            /// assert_eq!(layers.num_parameters() % 3, 0);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn new(
                device: &Device,
                seed: Seed,
                features: usize,
                heads: usize,
                num_layers: usize,
                options: TransformerOptions,
            ) -> Result<Self> {
                let blueprint = Blueprint { features, heads, seed, start: Start::Linear, options };
                blueprint.check()?;
                arguments::layers("num_layers", num_layers)?;
                fresh::<T, Self>(device, seed, &|builder| Self::built(builder, num_layers, false, blueprint))
            }

            /// A part of a larger module.
            fn built(builder: &mut Builder<'_>, num_layers: usize, norm: bool, blueprint: Blueprint) -> Self {
                let layer = |builder: &mut Builder<'_>, index: usize| {
                    builder.within(index.to_string(), |builder| $Layer::built(builder, blueprint.part(index)))
                };
                let layers = builder.within("layers", |builder| {
                    (0..num_layers).map(|index| layer(builder, index)).collect()
                });
                Self {
                    layers,
                    norm: norm.then(|| blueprint.norm(builder, "norm")),
                }
            }

            fn normed(&self, x: Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
                match &self.norm {
                    Some(norm) => norm.forward(&x),
                    None => Ok(x),
                }
            }
        }
    };
}

stack! {
    /// Several [`TransformerEncoderLayer`]s, each over the output of the one before, and perhaps a norm. Each has parameters of its own from
    /// the start (in PyTorch they begin as copies of one).
    ///
    /// A. Vaswani et al., *Attention is all you need*, 2017.
    ///
    /// ```
    /// use tensor::dynamic::{Layer, Masks, Module, TransformerEncoder, TransformerOptions};
    /// use tensor::prelude::*;
    /// let options = TransformerOptions { dim_feedforward: 16, batch_first: true, ..Default::default() };
    /// let encoder = TransformerEncoder::new(&Device::cpu(), Seed(0), 8, 2, 3, options)?;
    /// assert_eq!(encoder.forward(&Tensor::<Dynamic>::randn(&[2, 5, 8], 1)?)?.sizes(), [2, 5, 8]);
    /// assert_eq!(encoder.parameters::<f32>()[0].name, "layers.0.self_attn.in_proj_weight");
    /// # Ok::<(), tensor::Error>(())
    /// ```
    TransformerEncoder of TransformerEncoderLayer
}

stack! {
    /// Several [`TransformerDecoderLayer`]s, each over the output of the one before and the memory, and perhaps a norm. Each has parameters of its
    /// own from the start (in PyTorch they begin as copies of one).
    ///
    /// A. Vaswani et al., *Attention is all you need*, 2017.
    ///
    /// ```
    /// use tensor::dynamic::{DecoderMasks, TransformerDecoder, TransformerOptions};
    /// use tensor::prelude::*;
    /// let options = TransformerOptions { dim_feedforward: 16, batch_first: true, ..Default::default() };
    /// let decoder = TransformerDecoder::new(&Device::cpu(), Seed(0), 8, 2, 3, options)?;
    /// let (x, memory) = (Tensor::<Dynamic>::randn(&[2, 5, 8], 1)?, Tensor::randn(&[2, 7, 8], 2)?);
    /// assert_eq!(decoder.forward(&x, &memory, DecoderMasks::causal())?.sizes(), [2, 5, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    TransformerDecoder of TransformerDecoderLayer
}

impl<T: Float> TransformerEncoder<T> {
    /// The output with the same masks in all layers.
    ///
    /// ```
    /// use tensor::dynamic::{Masks, TransformerEncoder, TransformerOptions};
    /// use tensor::prelude::*;
    /// let options = TransformerOptions { dim_feedforward: 16, batch_first: true, dropout: 0., ..Default::default() };
    /// let encoder = TransformerEncoder::new(&Device::cpu(), Seed(0), 8, 2, 1, options)?;
    /// let x = Tensor::<Dynamic>::randn(&[1, 3, 8], 1)?;
    /// let whole = encoder.forward_with(&x, Masks::causal())?;
    /// let first = encoder.forward_with(&x.narrow(1, 0, 1)?, Masks::causal())?; // What is behind has no influence.
    /// tensor::testing::assert_close(&whole.narrow(1, 0, 1)?, &first);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Masks, TransformerEncoder, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
    /// let encoder = TransformerEncoder::new(&Device::cpu(), Seed(0), 8, 2, 3, options)?;
    /// let x = Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?;
    /// assert_eq!(encoder.forward_with(&x, Masks::causal())?.sizes(), [5, 3, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward_with(&self, x: &Tensor<Dynamic, T>, masks: Masks<'_, T>) -> Result<Tensor<Dynamic, T>> {
        let mut layers = self.layers.iter();
        self.normed(layers.try_fold(x.clone(), |x, layer| layer.forward_with(&x, masks))?)
    }
}

impl<T: Float> Layer<T> for TransformerEncoder<T> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        self.forward_with(x, Masks::default())
    }
}

impl<T: Float> TransformerDecoder<T> {
    /// The output for a sequence and a memory, with the same masks in all layers.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{DecoderMasks, TransformerDecoder, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
    /// let decoder = TransformerDecoder::new(&Device::cpu(), Seed(0), 8, 2, 3, options)?;
    /// let (x, memory) = (Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?, Tensor::randn(&[7, 3, 8], 2)?);
    /// assert_eq!(decoder.forward(&x, &memory, DecoderMasks::default())?.sizes(), [5, 3, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward(
        &self,
        x: &Tensor<Dynamic, T>,
        memory: &Tensor<Dynamic, T>,
        masks: DecoderMasks<'_, T>,
    ) -> Result<Tensor<Dynamic, T>> {
        let mut layers = self.layers.iter();
        self.normed(layers.try_fold(x.clone(), |x, layer| layer.forward(&x, memory, masks))?)
    }
}

/// The masks of a [`Transformer`].
#[derive(Clone, Copy, Debug, Default)]
pub struct TransformerMasks<'a, T: Float = f32> {
    /// Of the encoder.
    pub source: Masks<'a, T>,
    /// Of the attention of the decoder to its own sequence.
    pub target: Masks<'a, T>,
    /// Of the attention of the decoder to what the encoder gave.
    pub memory: Masks<'a, T>,
}

impl<T: Float> TransformerMasks<'_, T> {
    /// In the target, what is not behind; elsewhere, everything.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Transformer, TransformerMasks, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
    /// let model = Transformer::with(&Device::cpu(), Seed(0), 8, 2, [1, 1], options)?;
    /// let (source, target) = (Tensor::<Dynamic>::randn(&[7, 3, 8], 1)?, Tensor::randn(&[5, 3, 8], 2)?);
    /// assert_eq!(model.forward(&source, &target, TransformerMasks::causal())?.sizes(), [5, 3, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn causal() -> Self {
        Self {
            target: Masks::causal(),
            ..Self::default()
        }
    }
}

/// A decoder over a target, which attends to an encoder over a source, both with a norm at their end: `decoder(target, encoder(source))`.
///
/// The source is `[length, batch, features]`, the target `[other length, batch, features]`, and so is the output; with `batch_first` the first two axes are
/// exchanged. Weights of products start as Glorot and Bengio have it.
///
/// A. Vaswani et al., *Attention is all you need*, 2017.
///
/// ```
/// use tensor::dynamic::{Transformer, TransformerMasks, TransformerOptions};
/// use tensor::prelude::*;
/// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
/// let model = Transformer::with(&Device::cpu(), Seed(0), 8, 2, [2, 1], options)?;
/// let (source, target) = (Tensor::<Dynamic>::randn(&[7, 3, 8], 1)?, Tensor::randn(&[5, 3, 8], 2)?);
/// assert_eq!(model.forward(&source, &target, TransformerMasks::causal())?.sizes(), [5, 3, 8]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Transformer<T: Float = f32> {
    /// Over the source.
    pub encoder: TransformerEncoder<T>,
    /// Over the target.
    pub decoder: TransformerDecoder<T>,
}

members!([T: Float] Transformer<T> { encoder, decoder });

impl<T: Float> Transformer<T> {
    /// Six layers each, with as many features and heads as are said. PyTorch's defaults are 512 and 8.
    ///
    /// # Errors
    /// Where the device has no room, or the heads do not divide the features.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::Transformer;
    /// let model = Transformer::<f32>::new(&Device::cpu(), Seed(0), 4, 2)?;
    /// assert_eq!(model.encoder.layers.len() + model.decoder.layers.len(), 12);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(device: &Device, seed: Seed, features: usize, heads: usize) -> Result<Self> {
        Self::with(device, seed, features, heads, [6, 6], TransformerOptions::default())
    }

    /// The same with numbers of layers, of encoder and decoder, and with options.
    ///
    /// # Errors
    /// Where the device has no room, there is no layer, the heads do not divide the features, or `dropout` is no probability.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Activation, Transformer, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, activation: Activation::Gelu, ..Default::default() };
    /// let model = Transformer::<f32>::with(&Device::cpu(), Seed(0), 8, 2, [2, 1], options)?;
    /// assert_eq!(model.encoder.layers.len(), 2);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn with(
        device: &Device,
        seed: Seed,
        features: usize,
        heads: usize,
        [encoders, decoders]: [usize; 2],
        options: TransformerOptions,
    ) -> Result<Self> {
        let start = Start::Glorot;
        let blueprint = Blueprint {
            features,
            heads,
            seed,
            start,
            options,
        };
        blueprint.check()?;
        arguments::layers("num_encoder_layers", encoders)?;
        arguments::layers("num_decoder_layers", decoders)?;
        fresh::<T, Self>(device, seed, &|builder| {
            let encoder = builder.within("encoder", |builder| {
                TransformerEncoder::built(builder, encoders, true, blueprint.part(0))
            });
            let decoder = builder.within("decoder", |builder| {
                TransformerDecoder::built(builder, decoders, true, blueprint.part(1))
            });
            Self { encoder, decoder }
        })
    }

    /// What the decoder makes of target and encoded source.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Transformer, TransformerMasks, TransformerOptions};
    /// let options = TransformerOptions { dim_feedforward: 16, ..Default::default() };
    /// let model = Transformer::with(&Device::cpu(), Seed(0), 8, 2, [1, 1], options)?;
    /// let (source, target) = (Tensor::<Dynamic>::randn(&[7, 3, 8], 1)?, Tensor::randn(&[5, 3, 8], 2)?);
    /// let y = model.forward(&source, &target, TransformerMasks::default())?;
    /// assert_eq!(y.sizes(), [5, 3, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward(
        &self,
        source: &Tensor<Dynamic, T>,
        target: &Tensor<Dynamic, T>,
        masks: TransformerMasks<'_, T>,
    ) -> Result<Tensor<Dynamic, T>> {
        let memory = self.encoder.forward_with(source, masks.source)?;
        let masks = DecoderMasks {
            target: masks.target,
            memory: masks.memory,
        };
        self.decoder.forward(target, &memory, masks)
    }
}
