//! Attention and transformers.

use tensor::functional::AttentionMask;
use tensor::{Dynamic, Float, Seed, Tensor, dynamic};

use super::{Made, New, module};
use crate::conformance::any::Listed;
use crate::conformance::{Any, Call, IntoAnswer, Refusal};

/// Makes a layer of this family.
pub fn build<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    let (call, device, seed) = (&new.call, &new.device, Seed(0));
    match new.class() {
        "MultiheadAttention" => attention::<T>(new),
        "TransformerEncoderLayer" => {
            let [features, heads] = sizes(call)?;
            let made = dynamic::TransformerEncoderLayer::with(device, seed, features, heads, options(call, 2)?)?;
            module::<T, _, _>(new, made, |layer, call| {
                let x = call.tensor(0, "src")?;
                let masks = [
                    Mask::new(call, 1, "src_mask")?,
                    Mask::new(call, 2, "src_key_padding_mask")?,
                ];
                layer.forward_with(x.typed::<T>()?, both(&masks)).into_answer()
            })
        }
        "TransformerDecoderLayer" => {
            let [features, heads] = sizes(call)?;
            let made = dynamic::TransformerDecoderLayer::with(device, seed, features, heads, options(call, 2)?)?;
            module::<T, _, _>(new, made, |layer, call| {
                let [x, memory] = call.inputs(["tgt", "memory"])?;
                let target = [
                    Mask::new(call, 2, "tgt_mask")?,
                    Mask::new(call, 4, "tgt_key_padding_mask")?,
                ];
                let of_memory = [
                    Mask::new(call, 3, "memory_mask")?,
                    Mask::new(call, 5, "memory_key_padding_mask")?,
                ];
                let masks = dynamic::DecoderMasks {
                    target: both(&target),
                    memory: both(&of_memory),
                };
                layer
                    .forward(x.typed::<T>()?, memory.typed::<T>()?, masks)
                    .into_answer()
            })
        }
        "Transformer" => {
            let [features, heads] = sizes(call)?;
            let count = |position, name| Ok::<_, Refusal>(call.int_or(position, name, 6)? as usize);
            let layers = [count(2, "num_encoder_layers")?, count(3, "num_decoder_layers")?];
            let made = dynamic::Transformer::with(device, seed, features, heads, layers, options(call, 4)?)?;
            module::<T, _, _>(new, made, |layer, call| {
                let [source, target] = call.inputs(["src", "tgt"])?;
                let of_source = [
                    Mask::new(call, 2, "src_mask")?,
                    Mask::new(call, 5, "src_key_padding_mask")?,
                ];
                let of_target = [
                    Mask::new(call, 3, "tgt_mask")?,
                    Mask::new(call, 6, "tgt_key_padding_mask")?,
                ];
                let of_memory = [
                    Mask::new(call, 4, "memory_mask")?,
                    Mask::new(call, 7, "memory_key_padding_mask")?,
                ];
                let masks = dynamic::TransformerMasks {
                    source: both(&of_source),
                    target: both(&of_target),
                    memory: both(&of_memory),
                };
                layer
                    .forward(source.typed::<T>()?, target.typed::<T>()?, masks)
                    .into_answer()
            })
        }
        _ => Err(Refusal::Unknown),
    }
}

fn attention<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    let call = &new.call;
    let dimension = |position, name| Ok::<_, Refusal>(call.int_opt(position, name)?.map(|size| size as usize));
    let options = dynamic::AttentionOptions {
        dropout: call.float_or(2, "dropout", 0.0)?,
        bias: call.bool_or(3, "bias", true)?,
        add_bias_kv: call.bool_or(4, "add_bias_kv", false)?,
        add_zero_attn: call.bool_or(5, "add_zero_attn", false)?,
        kdim: dimension(6, "kdim")?,
        vdim: dimension(7, "vdim")?,
        batch_first: call.bool_or(8, "batch_first", false)?,
    };
    let (features, heads) = (call.size(0, "embed_dim")?, call.size(1, "num_heads")?);
    let made = dynamic::MultiheadAttention::with(&new.device, Seed(0), features, heads, options)?;
    module::<T, _, _>(new, made, |layer, call| {
        let inputs = call.inputs(["query", "key", "value"])?;
        let masks = [
            Mask::new(call, 5, "attn_mask")?,
            Mask::new(call, 3, "key_padding_mask")?,
        ];
        let [query, key, value] = [
            inputs[0].typed::<T>()?,
            inputs[1].typed::<T>()?,
            inputs[2].typed::<T>()?,
        ];
        match (
            call.bool_or(4, "need_weights", true)?,
            call.bool_or(6, "average_attn_weights", true)?,
        ) {
            (true, true) => layer
                .forward_with_weights(query, key, value, both(&masks))
                .into_answer(),
            (true, false) => layer
                .forward_with_each_weight(query, key, value, both(&masks))
                .into_answer(),
            (false, _) => layer
                .forward(query, key, value, both(&masks))
                .map(|out| (out, None::<Tensor<Dynamic, T>>))
                .into_answer(),
        }
    })
}

fn sizes(call: &Call) -> Result<[usize; 2], Refusal> {
    Ok([call.size(0, "d_model")?, call.size(1, "nhead")?])
}

/// The options of a layer, which begin at a position.
fn options(call: &Call, first: usize) -> Result<dynamic::TransformerOptions, Refusal> {
    Ok(dynamic::TransformerOptions {
        dim_feedforward: call.int_or(first, "dim_feedforward", 2048)? as usize,
        dropout: call.float_or(first + 1, "dropout", 0.1)?,
        activation: match call.text_or(first + 2, "activation", "relu")? {
            "gelu" => dynamic::Activation::Gelu,
            _ => dynamic::Activation::Relu,
        },
        layer_norm_eps: call.float_or(usize::MAX, "layer_norm_eps", 1e-5)?,
        batch_first: call.bool_or(usize::MAX, "batch_first", false)?,
        norm_first: call.bool_or(usize::MAX, "norm_first", false)?,
        bias: call.bool_or(usize::MAX, "bias", true)?,
    })
}

/// A mask of a call.
enum Mask<T: Float> {
    None,
    Blocked(Tensor<Dynamic, bool>),
    Added(Tensor<Dynamic, T>),
}

impl<T: Float + Listed> Mask<T> {
    fn new(call: &Call, position: usize, name: &str) -> Result<Self, Refusal> {
        Ok(match call.tensor_opt(position, name)? {
            None => Self::None,
            Some(Any::Bool(mask)) => Self::Blocked(mask),
            Some(numbers) => Self::Added(numbers.typed::<T>()?.clone()),
        })
    }
}

impl<T: Float> Mask<T> {
    fn of(&self) -> AttentionMask<'_, T> {
        match self {
            Self::None => AttentionMask::None,
            Self::Blocked(mask) => AttentionMask::Blocked(mask),
            Self::Added(numbers) => AttentionMask::Added(numbers),
        }
    }
}

fn both<T: Float>(masks: &[Mask<T>; 2]) -> dynamic::Masks<'_, T> {
    dynamic::Masks {
        attention: masks[0].of(),
        key_padding: masks[1].of(),
    }
}
