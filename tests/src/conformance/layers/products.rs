//! Products with a weight, and its rows.

use tensor::{Float, Seed, dynamic};

use super::{Made, New, layer, module};
use crate::conformance::any::Listed;
use crate::conformance::{IntoAnswer, Refusal};

/// Makes a layer of this family.
pub fn build<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    let (call, device, seed) = (&new.call, &new.device, Seed(0));
    match new.class() {
        "Linear" => {
            let (inputs, outputs) = (call.size(0, "in_features")?, call.size(1, "out_features")?);
            let made = match call.bool_or(2, "bias", true)? {
                true => dynamic::Linear::new(device, seed, inputs, outputs)?,
                false => dynamic::Linear::without_bias(device, seed, inputs, outputs)?,
            };
            layer::<T, _>(new, made)
        }
        "Bilinear" => {
            let (first, second) = (call.size(0, "in1_features")?, call.size(1, "in2_features")?);
            let outputs = call.size(2, "out_features")?;
            let made = match call.bool_or(3, "bias", true)? {
                true => dynamic::Bilinear::new(device, seed, first, second, outputs)?,
                false => dynamic::Bilinear::without_bias(device, seed, first, second, outputs)?,
            };
            module::<T, _, _>(new, made, |layer, call| {
                let [a, b] = call.inputs(["input1", "input2"])?;
                layer.forward(a.typed::<T>()?, b.typed::<T>()?).into_answer()
            })
        }
        "Embedding" => {
            let (rows, features) = (call.size(0, "num_embeddings")?, call.size(1, "embedding_dim")?);
            let options = dynamic::EmbeddingOptions {
                padding_idx: call.int_opt(2, "padding_idx")?,
                max_norm: call.float_opt(3, "max_norm")?,
                norm_type: call.float_or(4, "norm_type", 2.0)?,
                scale_grad_by_freq: call.bool_or(5, "scale_grad_by_freq", false)?,
            };
            let made = dynamic::Embedding::<T>::with(device, seed, rows, features, options)?;
            module::<T, _, _>(new, made, |layer, call| {
                layer.forward(call.tensor(0, "input")?.typed()?).into_answer()
            })
        }
        _ => Err(Refusal::Unknown),
    }
}
