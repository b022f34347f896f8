//! Attention of several heads.

use crate::device::Device;
use crate::element::Float;
use crate::error::{Error, Result};
use crate::functional::{AttentionMask, InProjection, MultiHead, MultiHeadWeights, multi_head_attention_forward};
use crate::nn::dynamic::arguments::{divided, probability};
use crate::nn::dynamic::{Linear, fresh, members};
use crate::nn::{Builder, Chance, Init, Mode, Parameter};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// The options of [`MultiheadAttention`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttentionOptions {
    /// With which probability a weight is dropped in training. 0.
    pub dropout: f64,
    /// Whether there are biases. Yes.
    pub bias: bool,
    /// Whether every sequence has a learnt key and value behind its own. No.
    pub add_bias_kv: bool,
    /// Whether every sequence has a key and a value of zeros behind all others. No.
    pub add_zero_attn: bool,
    /// How many features the keys have. As many as the queries.
    pub kdim: Option<usize>,
    /// How many features the values have. As many as the queries.
    pub vdim: Option<usize>,
    /// Whether the first axis is that of the sequences, and not that of their elements. No.
    pub batch_first: bool,
}

impl Default for AttentionOptions {
    fn default() -> Self {
        Self {
            dropout: 0.0,
            bias: true,
            add_bias_kv: false,
            add_zero_attn: false,
            kdim: None,
            vdim: None,
            batch_first: false,
        }
    }
}

/// Which keys take part in an attention.
#[derive(Clone, Copy, Debug, Default)]
pub struct Masks<'a, T: Float = f32> {
    /// Which keys take part for which queries: `[queries, keys]`, or `[batch * heads, queries, keys]`. All do.
    pub attention: AttentionMask<'a, T>,
    /// Which keys of each sequence take part: `[batch, keys]`, or `[keys]` of a single sequence. All do.
    pub key_padding: AttentionMask<'a, T>,
}

impl<T: Float> Masks<'_, T> {
    /// Keys that are not behind the query.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Masks, MultiheadAttention};
    /// let layer = MultiheadAttention::new(&Device::cpu(), Seed(0), 8, 2)?;
    /// let x = Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?;
    /// assert_eq!(layer.forward(&x, &x, &x, Masks::causal())?.sizes(), [5, 3, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn causal() -> Self {
        Self {
            attention: AttentionMask::Causal,
            key_padding: AttentionMask::None,
        }
    }
}

/// `concat(head_1, .., head_h) W_o^T + b_o` with `head_i = softmax(q_i k_i^T / sqrt(d) + mask) v_i`, where `q_i`, `k_i`, `v_i` are the `i`-th of
/// `heads` equal parts of the projected queries, keys and values. See
/// [`multi_head_attention_forward`](crate::functional::multi_head_attention_forward).
///
/// The projections start as Glorot and Bengio have it, their biases as 0, the last one as a [`Linear`] with a bias of 0.
///
/// A. Vaswani et al., *Attention is all you need*, 2017.
///
/// ```
/// use tensor::dynamic::{AttentionOptions, Masks, MultiheadAttention};
/// use tensor::prelude::*;
/// let options = AttentionOptions { batch_first: true, ..Default::default() };
/// let layer = MultiheadAttention::with(&Device::cpu(), Seed(0), 8, 2, options)?;
/// let x = Tensor::<Dynamic>::randn(&[3, 5, 8], 1)?;
/// let (out, weights) = layer.forward_with_weights(&x, &x, &x, Masks::causal())?;
/// assert_eq!((out.sizes(), weights.sizes()), (&[3, 5, 8][..], &[3, 5, 5][..]));
/// assert_eq!(weights.to_vec()?[..2], [1., 0.]); // the first query has the first key alone
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MultiheadAttention<T: Float = f32> {
    /// `[3 * features, features]`: for queries, keys and values, where all have as many features.
    pub in_proj_weight: Option<Parameter<Dynamic, T>>,
    /// `[features, features]`, where they have not.
    pub q_proj_weight: Option<Parameter<Dynamic, T>>,
    /// `[features, kdim]`, likewise.
    pub k_proj_weight: Option<Parameter<Dynamic, T>>,
    /// `[features, vdim]`, likewise.
    pub v_proj_weight: Option<Parameter<Dynamic, T>>,
    /// `[3 * features]`.
    pub in_proj_bias: Option<Parameter<Dynamic, T>>,
    /// `[1, 1, features]`: the key that every sequence has.
    pub bias_k: Option<Parameter<Dynamic, T>>,
    /// `[1, 1, features]`: its value.
    pub bias_v: Option<Parameter<Dynamic, T>>,
    /// What joins the heads.
    pub out_proj: Linear<T>,
    /// How many heads there are.
    pub heads: usize,
    /// With which probability a weight is dropped in training.
    pub dropout: f64,
    /// Whether every sequence has a key and a value of zeros.
    pub add_zero_attn: bool,
    /// Whether the first axis is that of the sequences.
    pub batch_first: bool,
    /// Training or evaluation.
    pub mode: Mode,
    /// Where the dropouts come from.
    pub chance: Chance,
}

members!([T: Float] MultiheadAttention<T> {
    in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight, in_proj_bias, bias_k, bias_v, out_proj, mode
});

impl<T: Float> MultiheadAttention<T> {
    /// A layer for so many features and heads.
    ///
    /// # Errors
    /// Where the device has no room, or the heads do not divide the features.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::MultiheadAttention;
    /// let layer = MultiheadAttention::<f32>::new(&Device::cpu(), Seed(0), 8, 2)?;
    /// assert_eq!(layer.in_proj_weight.map(|weight| weight.sizes().to_vec()), Some(vec![24, 8]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(device: &Device, seed: Seed, features: usize, heads: usize) -> Result<Self> {
        Self::with(device, seed, features, heads, AttentionOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the device has no room, the heads do not divide the features, or `dropout` is no probability.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{AttentionOptions, MultiheadAttention};
    /// let options = AttentionOptions { kdim: Some(5), ..Default::default() };
    /// let layer = MultiheadAttention::<f32>::with(&Device::cpu(), Seed(0), 8, 2, options)?;
    /// assert_eq!(layer.k_proj_weight.map(|weight| weight.sizes().to_vec()), Some(vec![8, 5]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn with(device: &Device, seed: Seed, features: usize, heads: usize, options: AttentionOptions) -> Result<Self> {
        divided(features, heads)?;
        probability("dropout", options.dropout)?;
        fresh::<T, Self>(device, seed, &|builder| {
            Self::built(builder, seed, features, heads, Init::linear(features), options)
        })
    }

    /// A part of a larger module; `output` is what the weight of the last projection starts from.
    pub(super) fn built(
        builder: &mut Builder<'_>,
        seed: Seed,
        features: usize,
        heads: usize,
        output: Init,
        options: AttentionOptions,
    ) -> Self {
        let (kdim, vdim) = (options.kdim.unwrap_or(features), options.vdim.unwrap_or(features));
        let joint = kdim == features && vdim == features;
        let triple = features.saturating_mul(3);
        let mut weight = |name: &str, wanted: bool, [rows, columns]: [usize; 2]| {
            wanted.then(|| builder.parameter(name, &[rows, columns], Init::glorot(columns, rows)))
        };
        let in_proj_weight = weight("in_proj_weight", joint, [triple, features]);
        let q_proj_weight = weight("q_proj_weight", !joint, [features, features]);
        let k_proj_weight = weight("k_proj_weight", !joint, [features, kdim]);
        let v_proj_weight = weight("v_proj_weight", !joint, [features, vdim]);
        let nothing = Init::Constant(0.0);
        let in_proj_bias = options
            .bias
            .then(|| builder.parameter("in_proj_bias", &[triple], nothing));
        // Glorot and Bengio's normal numbers, for which PyTorch takes the features to be both inputs and outputs.
        let deviation = (features as f64).sqrt().recip();
        let mut extra = |name: &str| {
            options
                .add_bias_kv
                .then(|| builder.parameter(name, &[1, 1, features], Init::Normal { deviation }))
        };
        let (bias_k, bias_v) = (extra("bias_k"), extra("bias_v"));
        let out_proj = builder.within("out_proj", |builder| {
            Linear::built(builder, [features, features], output, options.bias.then_some(nothing))
        });
        Self {
            in_proj_weight,
            q_proj_weight,
            k_proj_weight,
            v_proj_weight,
            in_proj_bias,
            bias_k,
            bias_v,
            out_proj,
            heads,
            dropout: options.dropout,
            add_zero_attn: options.add_zero_attn,
            batch_first: options.batch_first,
            mode: Mode::default(),
            chance: Chance::new(seed),
        }
    }

    fn weights(&self) -> Result<MultiHeadWeights<'_, T>> {
        let separate = (&self.q_proj_weight, &self.k_proj_weight, &self.v_proj_weight);
        let input = match (&self.in_proj_weight, separate) {
            (Some(weight), _) => InProjection::Joint(weight),
            (None, (Some(query), Some(key), Some(value))) => InProjection::Separate([query, key, value]),
            (None, _) => {
                let expected = "`in_proj_weight`, or weights for queries, keys and values";
                return Err(Error::shape("multi_head_attention", expected, "neither"));
            }
        };
        Ok(MultiHeadWeights {
            input,
            input_bias: self.in_proj_bias.as_deref(),
            extra: match (&self.bias_k, &self.bias_v) {
                (Some(key), Some(value)) => Some([key, value]),
                _ => None,
            },
            output: &self.out_proj.weight,
            output_bias: self.out_proj.bias.as_deref(),
        })
    }

    fn call<'a>(&self, masks: Masks<'a, T>, need_weights: bool, average_attn_weights: bool) -> MultiHead<'a, T> {
        let drops = self.mode.is_training() && self.dropout > 0.0;
        MultiHead {
            batch_first: self.batch_first,
            add_zero_attn: self.add_zero_attn,
            dropout: drops.then(|| (self.dropout, self.chance.next())),
            key_padding_mask: masks.key_padding,
            attn_mask: masks.attention,
            need_weights,
            average_attn_weights,
        }
    }

    /// The output, as the query. PyTorch's forward with `need_weights=False`.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Masks, MultiheadAttention};
    /// let layer = MultiheadAttention::new(&Device::cpu(), Seed(0), 8, 2)?;
    /// let (query, key) = (Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?, Tensor::randn(&[7, 3, 8], 2)?);
    /// assert_eq!(layer.forward(&query, &key, &key, Masks::default())?.sizes(), [5, 3, 8]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward(
        &self,
        query: &Tensor<Dynamic, T>,
        key: &Tensor<Dynamic, T>,
        value: &Tensor<Dynamic, T>,
        masks: Masks<'_, T>,
    ) -> Result<Tensor<Dynamic, T>> {
        let call = self.call(masks, false, false);
        Ok(multi_head_attention_forward(query, key, value, self.heads, self.weights()?, call)?.0)
    }

    /// The output, and the mean over the heads of the weights of the keys, `[batch, queries, keys]`.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Masks, MultiheadAttention};
    /// let layer = MultiheadAttention::new(&Device::cpu(), Seed(0), 8, 2)?;
    /// let (query, key) = (Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?, Tensor::randn(&[7, 3, 8], 2)?);
    /// let (_, weights) = layer.forward_with_weights(&query, &key, &key, Masks::default())?;
    /// assert_eq!(weights.sizes(), [3, 5, 7]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward_with_weights(
        &self,
        query: &Tensor<Dynamic, T>,
        key: &Tensor<Dynamic, T>,
        value: &Tensor<Dynamic, T>,
        masks: Masks<'_, T>,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
        self.weighted([query, key, value], masks, true)
    }

    /// The output, and the weights of the keys for each head, `[batch, heads, queries, keys]`. PyTorch's forward with
    /// `average_attn_weights=False`.
    ///
    /// # Errors
    /// Where sizes do not fit.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::dynamic::{Masks, MultiheadAttention};
    /// let layer = MultiheadAttention::new(&Device::cpu(), Seed(0), 8, 2)?;
    /// let (query, key) = (Tensor::<Dynamic>::randn(&[5, 3, 8], 1)?, Tensor::randn(&[7, 3, 8], 2)?);
    /// let (_, weights) = layer.forward_with_each_weight(&query, &key, &key, Masks::default())?;
    /// assert_eq!(weights.sizes(), [3, 2, 5, 7]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn forward_with_each_weight(
        &self,
        query: &Tensor<Dynamic, T>,
        key: &Tensor<Dynamic, T>,
        value: &Tensor<Dynamic, T>,
        masks: Masks<'_, T>,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
        self.weighted([query, key, value], masks, false)
    }

    fn weighted(
        &self,
        [query, key, value]: [&Tensor<Dynamic, T>; 3],
        masks: Masks<'_, T>,
        average: bool,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
        let call = self.call(masks, true, average);
        let weights = self.weights()?;
        match multi_head_attention_forward(query, key, value, self.heads, weights, call)? {
            (out, Some(weights)) => Ok((out, weights)),
            (_, None) => unreachable!("`functional/multi_head.rs` gives the weights that are asked for"),
        }
    }
}
