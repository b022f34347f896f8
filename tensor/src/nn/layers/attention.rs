//! What layers of transformers have learned.

use crate::element::Float;
use crate::nn::layers::{LayerNorm, Linear};
use crate::nn::{Builder, Init, Module, Parameter, Walk};
use crate::shape::{Dim, settled};

/// What `multi_head_attention` has learned: `softmax(q k^T / sqrt(size) + mask) v` for each head, of queries, keys and values that one product
/// makes of the input; what the heads make goes through another.
///
/// In a forward it is `attention(x)`, `attention(x, mask)`, `attention(query, key, value)` or `attention(query, key, value, mask)`. A mask is an
/// input of the model of whole numbers, `i64`, as tokenizers give it: `[batch, keys]`, or `[batch, queries, keys]`, 0 where a key takes no part (PyTorch's
/// `key_padding_mask` is true there). A query that sees no key gives the bias of `out_proj`, in PyTorch NaN.
///
/// `[batch, seq, Width]` stays so; keys and values may have another length. `in_proj_weight` is `[3 Width, Width]` and starts uniform in `[-b, b)` with `b = sqrt(6 / (4 Width))`, the
/// biases start as 0; `Three` is `3 Width`. Names are PyTorch's. Vaswani et al., *Attention Is All You Need*, 2017.
///
/// ```
/// use tensor::prelude::*;
/// net! { #[input(5, 8)] type Net = multi_head_attention(8, 2, causal = true) }
/// let net = Net::new(&Device::cpu(), Seed(0));
/// assert_eq!(net.0.in_proj_weight.sizes(), [24, 8]);
/// assert_eq!(net.0.out_proj.bias.to_vec()?, [0.; 8]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MultiHeadAttention<Width: Dim, Three: Dim, T: Float = f32> {
    /// `[3 Width, Width]`: the rows of queries, keys and values.
    pub in_proj_weight: Parameter<(Three, Width), T>,
    /// `[3 Width]`.
    pub in_proj_bias: Parameter<(Three,), T>,
    /// What the heads make goes through this.
    pub out_proj: Linear<Width, Width, T>,
}

impl<Width: Dim, Three: Dim, T: Float> Module<T> for MultiHeadAttention<Width, Three, T> {
    fn build(builder: &mut Builder<'_>) -> Self {
        let (width, three) = const { (settled::<Width>(), settled::<Three>()) };
        Self {
            in_proj_weight: builder.parameter("in_proj_weight", &[three, width], Init::glorot(width, three)),
            in_proj_bias: builder.parameter("in_proj_bias", &[three], Init::Constant(0.0)),
            out_proj: builder.within("out_proj", |builder| Linear {
                weight: builder.parameter("weight", &[width, width], Init::linear(width)),
                bias: builder.parameter("bias", &[width], Init::Constant(0.0)),
            }),
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.parameter("in_proj_weight", &self.in_proj_weight);
        walk.parameter("in_proj_bias", &self.in_proj_bias);
        walk.part::<T, _>("out_proj", &self.out_proj);
    }
}

/// What `transformer_encoder_layer` has learned: attention of a sequence to itself and a net of two layers at each place, each added to what it was
/// given, with a norm behind each sum or, with `norm_first`, before each of the two.
///
/// In a forward it is `encoder(x)`, or `encoder(x, mask)` with a mask as that of [`MultiHeadAttention`].
///
/// `[batch, seq, Width]` stays so; the net is `Inner` wide. Names are PyTorch's; `Three` is `3 Width`. Vaswani et al., *Attention Is All You
/// Need*, 2017.
///
/// ```
/// use tensor::prelude::*;
/// net! { #[input(5, 8)] type Net = transformer_encoder_layer(8, 2, 16, dropout = 0.0) }
/// let net = Net::new(&Device::cpu(), Seed(0));
/// let names: Vec<String> = net.parameters().into_iter().map(|parameter| parameter.name).collect();
/// assert_eq!(names[..3], ["0.self_attn.in_proj_weight", "0.self_attn.in_proj_bias", "0.self_attn.out_proj.weight"]);
/// assert_eq!(net.0.linear1.weight.sizes(), [16, 8]);
/// ```
#[derive(Clone, Debug)]
pub struct TransformerEncoderLayer<Width: Dim, Three: Dim, Inner: Dim, T: Float = f32> {
    /// The attention.
    pub self_attn: MultiHeadAttention<Width, Three, T>,
    /// The first layer of the net.
    pub linear1: Linear<Width, Inner, T>,
    /// The second.
    pub linear2: Linear<Inner, Width, T>,
    /// The norm of the attention.
    pub norm1: LayerNorm<Width, T>,
    /// The norm of the net.
    pub norm2: LayerNorm<Width, T>,
}

impl<Width: Dim, Three: Dim, Inner: Dim, T: Float> Module<T> for TransformerEncoderLayer<Width, Three, Inner, T> {
    fn build(builder: &mut Builder<'_>) -> Self {
        Self {
            self_attn: builder.part::<T, _>("self_attn"),
            linear1: builder.part::<T, _>("linear1"),
            linear2: builder.part::<T, _>("linear2"),
            norm1: builder.part::<T, _>("norm1"),
            norm2: builder.part::<T, _>("norm2"),
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.part::<T, _>("self_attn", &self.self_attn);
        walk.part::<T, _>("linear1", &self.linear1);
        walk.part::<T, _>("linear2", &self.linear2);
        walk.part::<T, _>("norm1", &self.norm1);
        walk.part::<T, _>("norm2", &self.norm2);
    }
}

/// What `transformer_decoder_layer` has learned: attention of a sequence to itself, attention to another, the memory, and a net of two layers at
/// each place, each added to what it was given, with a norm behind each sum or, with `norm_first`, before each of the three.
///
/// In a forward it is `decoder(x, memory)`, `decoder(x, memory, memory_mask)` or `decoder(x, memory, memory_mask, mask)`, with masks as that of
/// [`MultiHeadAttention`]; with `causal`, an element of the sequence sees those before it and itself, and the whole memory.
///
/// `[batch, seq, Width]` stays so, and the memory is `[batch, length, Width]`; the net is `Inner` wide. Names are PyTorch's; `Three` is `3 Width`.
/// Vaswani et al., *Attention Is All You Need*, 2017.
///
/// ```
/// use tensor::prelude::*;
/// #[model]
/// #[forward(|x: [5, 8], memory: [7, 8]| decoder(x, memory))]
/// struct Net {
///     decoder: transformer_decoder_layer!(8, 2, 16, causal = true),
/// }
/// let net = Net::new(&Device::cpu(), Seed(0));
/// let (x, memory) = (Tensor::<dims![1, 5, 8]>::zeros(), Tensor::<dims![1, 7, 8]>::zeros());
/// assert_eq!(net.infer(&x, &memory).sizes(), [1, 5, 8]);
/// ```
#[derive(Clone, Debug)]
pub struct TransformerDecoderLayer<Width: Dim, Three: Dim, Inner: Dim, T: Float = f32> {
    /// The attention of the sequence to itself.
    pub self_attn: MultiHeadAttention<Width, Three, T>,
    /// The attention to the memory.
    pub multihead_attn: MultiHeadAttention<Width, Three, T>,
    /// The first layer of the net.
    pub linear1: Linear<Width, Inner, T>,
    /// The second.
    pub linear2: Linear<Inner, Width, T>,
    /// The norm of the attention of the sequence to itself.
    pub norm1: LayerNorm<Width, T>,
    /// The norm of the attention to the memory.
    pub norm2: LayerNorm<Width, T>,
    /// The norm of the net.
    pub norm3: LayerNorm<Width, T>,
}

impl<Width: Dim, Three: Dim, Inner: Dim, T: Float> Module<T> for TransformerDecoderLayer<Width, Three, Inner, T> {
    fn build(builder: &mut Builder<'_>) -> Self {
        Self {
            self_attn: builder.part::<T, _>("self_attn"),
            multihead_attn: builder.part::<T, _>("multihead_attn"),
            linear1: builder.part::<T, _>("linear1"),
            linear2: builder.part::<T, _>("linear2"),
            norm1: builder.part::<T, _>("norm1"),
            norm2: builder.part::<T, _>("norm2"),
            norm3: builder.part::<T, _>("norm3"),
        }
    }

    fn visit(&self, walk: &mut Walk<'_>) {
        walk.part::<T, _>("self_attn", &self.self_attn);
        walk.part::<T, _>("multihead_attn", &self.multihead_attn);
        walk.part::<T, _>("linear1", &self.linear1);
        walk.part::<T, _>("linear2", &self.linear2);
        walk.part::<T, _>("norm1", &self.norm1);
        walk.part::<T, _>("norm2", &self.norm2);
        walk.part::<T, _>("norm3", &self.norm3);
    }
}
