//! What layers do: linear maps, embeddings, attention, distances.

use tensor::functional::{self, Attention, AttentionMask, Embedding, Normalize, PairwiseDistance};
use tensor::{Dynamic, Tensor};

use crate::conformance::any::{Listed, float, number};
use crate::conformance::{Any, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name().trim_start_matches("nn.functional.") {
        "linear" => {
            let bias = call.tensor_opt(2, "bias")?;
            number!(call, |input, weight| functional::linear(
                input,
                weight,
                like(&bias, input)?
            ))
        }
        "bilinear" => {
            let bias = call.tensor_opt(3, "bias")?;
            number!(call, |input1, input2, weight| functional::bilinear(
                input1,
                input2,
                weight,
                like(&bias, input1)?
            ))
        }
        "embedding" => {
            // PyTorch's function has the indices first, its operator the weight.
            let (first, second) = (call.tensor(0, "input")?, call.tensor(1, "weight")?);
            let (weight, index) = if first.is_float() {
                (first, second)
            } else {
                (second, first)
            };
            let options = Embedding {
                padding_idx: call.int_opt(2, "padding_idx")?,
                scale_grad_by_freq: call.bool_or(5, "scale_grad_by_freq", false)?,
            };
            if call.get(3, "max_norm").is_some() {
                return Err(Refusal::missing("embedding that changes its weight"));
            }
            call.ignore(4, "norm_type");
            call.ignore(6, "sparse");
            let index = index.cast("int64")?;
            let index = index.typed::<i64>()?;
            float!(|weight| functional::embedding(weight, index, options))
        }
        "normalize" => {
            let options = Normalize {
                p: call.float_or(1, "p", 2.0)?,
                axis: call.axis_or(2, "dim", 1)?,
                eps: call.float_or(3, "eps", 1e-12)?,
            };
            float!(call, |input| functional::normalize(input, options))
        }
        "cosine_similarity" => {
            let (axis, eps) = (call.axis_or(2, "dim", 1)?, call.float_or(3, "eps", 1e-8)?);
            float!(call, |x1, x2| functional::cosine_similarity(x1, x2, axis, eps))
        }
        "pairwise_distance" => {
            let options = PairwiseDistance {
                p: call.float_or(2, "p", 2.0)?,
                eps: call.float_or(3, "eps", 1e-6)?,
                keepdim: call.bool_or(4, "keepdim", false)?,
            };
            number!(call, |x1, x2| functional::pairwise_distance(x1, x2, options))
        }
        "scaled_dot_product_attention" => attention(call),
        _ => Err(Refusal::Unknown),
    }
}

/// An optional tensor of the element type of another.
pub(super) fn like<'a, T: Listed>(
    any: &'a Option<Any>,
    _: &Tensor<Dynamic, T>,
) -> Result<Option<&'a Tensor<Dynamic, T>>, Refusal> {
    any.as_ref().map(Any::typed).transpose()
}

fn attention(call: &Call) -> Outcome {
    let mask = call.tensor_opt(3, "attn_mask")?;
    if call.float_or(4, "dropout_p", 0.0)? > 0.0 {
        return Err(Refusal::missing("stream of random numbers such as PyTorch's"));
    }
    let causal = call.bool_or(5, "is_causal", false)?;
    let options = Attention {
        scale: call.float_opt(usize::MAX, "scale")?,
        enable_gqa: call.bool_or(usize::MAX, "enable_gqa", false)?,
        dropout: None,
    };
    float!(call, |query, key, value| {
        let mask = match &mask {
            Some(_) if causal => return Err(Refusal::form("a mask beside `is_causal`")),
            Some(Any::Bool(allowed)) => AttentionMask::Allowed(allowed),
            Some(added) => AttentionMask::Added(added.typed()?),
            None if causal => AttentionMask::Causal,
            None => AttentionMask::None,
        };
        functional::scaled_dot_product_attention(query, key, value, mask, options)
    })
}
