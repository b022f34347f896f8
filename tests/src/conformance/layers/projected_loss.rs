//! The cross-entropy with the product before it.

use tensor::functional::Classes;
use tensor::{Float, Seed, dynamic};

use super::{Made, New, module};
use crate::conformance::any::Listed;
use crate::conformance::{Any, IntoAnswer, Refusal};

/// Makes a layer of this family.
pub fn build<T: Float + Listed>(new: &New<'_>) -> Result<Box<dyn Made>, Refusal> {
    if new.class() != "LinearCrossEntropyLoss" {
        return Err(Refusal::Unknown);
    }
    let call = &new.call;
    let (inputs, classes) = (call.size(0, "in_features")?, call.size(1, "num_classes")?);
    let by_name = usize::MAX;
    if call.keyword("options").is_some() {
        return Err(Refusal::missing("losses in pieces"));
    }
    // The samples are made in the element type of their file.
    call.ignore(by_name, "dtype");
    let weight = call.tensor_opt(by_name, "weight")?;
    let options = dynamic::LinearCrossEntropyLossOptions {
        out_features: call
            .ints_opt(by_name, "out_features")?
            .unwrap_or_default()
            .into_iter()
            .map(|size| size as usize)
            .collect(),
        bias: call.bool_or(by_name, "bias", false)?,
        weight: weight.map(|weight| weight.typed::<T>().cloned()).transpose()?,
        ignore_index: call.int_or(by_name, "ignore_index", -100)?,
        label_smoothing: call.float_or(by_name, "label_smoothing", 0.0)?,
        reduction: call.text_or(by_name, "reduction", "mean")?.parse()?,
    };
    let made = dynamic::LinearCrossEntropyLoss::with(&new.device, Seed(0), inputs, classes, options)?;
    module::<T, _, _>(new, made, |layer, call| {
        let [x, target] = call.inputs(["input", "target"])?;
        let target = match &target {
            Any::I64(target) => Classes::Indices(target),
            other => Classes::Probabilities(other.typed::<T>()?),
        };
        layer.forward(x.typed::<T>()?, target).into_answer()
    })
}
