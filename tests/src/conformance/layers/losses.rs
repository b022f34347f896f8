//! Losses.

use tensor::functional::{Classes, CtcOptions, KlReduction, Reduction};
use tensor::{Buffer, Dynamic, Float, dynamic};

use super::{Made, New, module};
use crate::conformance::any::Listed;
use crate::conformance::{Any, Call, IntoAnswer, Refusal};

type Outcome = Result<Box<dyn Made>, Refusal>;

/// What becomes of the losses of the elements.
fn reduction(call: &Call) -> Result<Reduction, Refusal> {
    Ok(word(call)?.parse()?)
}

/// The same as a word; `size_average` and `reduce` came before it.
fn word(call: &Call) -> Result<&str, Refusal> {
    match call.keyword("reduction") {
        Some(word) => word.text(),
        None => Ok("mean"),
    }
}

/// A weight that is a buffer.
fn weight<T: Float + Listed>(call: &Call, name: &str) -> Result<Option<Buffer<Dynamic, T>>, Refusal> {
    let weight = call.tensor_opt(0, name)?;
    weight
        .map(|weight| Ok(Buffer::from_tensor(weight.typed::<T>()?)?))
        .transpose()
}

/// Input and target, which becomes one of the input's element type where it has none with fractions, as PyTorch has it.
fn pair(call: &Call) -> Result<[Any; 2], Refusal> {
    let [input, target] = call.inputs(["input", "target"])?;
    let target = like(&input, target)?;
    Ok([input, target])
}

/// Signs and truth values as numbers of the input's element type.
fn like(input: &Any, target: Any) -> Result<Any, Refusal> {
    match target.is_float() {
        true => Ok(target),
        false => target.cast(input.word()),
    }
}

macro_rules! of_pairs {
    ($T:ident, $new:ident, $loss:expr) => {
        module::<$T, _, _>($new, $loss, |loss, call| {
            let [input, target] = pair(call)?;
            loss.forward(input.typed::<$T>()?, target.typed()?).into_answer()
        })
    };
}

macro_rules! of_three {
    ($T:ident, $new:ident, $names:expr, $loss:expr) => {
        module::<$T, _, _>($new, $loss, |loss, call| {
            let [a, b, c] = call.inputs($names)?;
            let c = like(&a, c)?;
            loss.forward(a.typed::<$T>()?, b.typed()?, c.typed()?).into_answer()
        })
    };
}

macro_rules! of_classes {
    ($T:ident, $new:ident, $loss:expr) => {
        module::<$T, _, _>($new, $loss, |loss, call| {
            let [input, target] = call.inputs(["input", "target"])?;
            loss.forward(input.typed::<$T>()?, target.typed::<i64>()?).into_answer()
        })
    };
}

/// Makes a layer of this family.
pub fn build<T: Float + Listed>(new: &New<'_>) -> Outcome {
    let call = &new.call;
    if !new.class().ends_with("Loss") || new.class() == "LinearCrossEntropyLoss" {
        return Err(Refusal::Unknown);
    }
    if new.class() == "KLDivLoss" {
        let reduction = match word(call)? {
            "batchmean" => KlReduction::BatchMean,
            word => word.parse::<Reduction>()?.into(),
        };
        let log_target = match call.keyword("log_target") {
            Some(flag) => flag.bool()?,
            None => false,
        };
        return of_pairs!(T, new, dynamic::KlDivLoss { reduction, log_target });
    }
    let reduction = reduction(call)?;
    match new.class() {
        "L1Loss" => of_pairs!(T, new, dynamic::L1Loss { reduction }),
        "MSELoss" => of_pairs!(T, new, dynamic::MseLoss { reduction }),
        "SmoothL1Loss" => {
            let beta = call.float_or(usize::MAX, "beta", 1.0)?;
            of_pairs!(T, new, dynamic::SmoothL1Loss { reduction, beta })
        }
        "HuberLoss" => {
            let delta = call.float_or(usize::MAX, "delta", 1.0)?;
            of_pairs!(T, new, dynamic::HuberLoss { reduction, delta })
        }
        "SoftMarginLoss" => of_pairs!(T, new, dynamic::SoftMarginLoss { reduction }),
        "HingeEmbeddingLoss" => {
            let margin = call.float_or(0, "margin", 1.0)?;
            of_pairs!(T, new, dynamic::HingeEmbeddingLoss { margin, reduction })
        }
        "PoissonNLLLoss" => {
            let loss = dynamic::PoissonNllLoss {
                log_input: call.bool_or(0, "log_input", true)?,
                full: call.bool_or(1, "full", false)?,
                eps: call.float_or(3, "eps", 1e-8)?,
                reduction,
            };
            of_pairs!(T, new, loss)
        }
        "BCELoss" => {
            let weight = weight(call, "weight")?;
            of_pairs!(T, new, dynamic::BceLoss { weight, reduction })
        }
        "BCEWithLogitsLoss" => {
            let pos_weight = call
                .keyword("pos_weight")
                .map(|any| any.tensor().cloned())
                .transpose()?;
            let pos_weight = pos_weight.map(|any| Ok::<_, Refusal>(Buffer::from_tensor(any.typed::<T>()?)?));
            let loss = dynamic::BceWithLogitsLoss {
                weight: weight(call, "weight")?,
                pos_weight: pos_weight.transpose()?,
                reduction,
            };
            of_pairs!(T, new, loss)
        }
        "MultiLabelSoftMarginLoss" => {
            let weight = weight(call, "weight")?;
            of_pairs!(T, new, dynamic::MultiLabelSoftMarginLoss { weight, reduction })
        }
        "CosineEmbeddingLoss" => {
            let margin = call.float_or(0, "margin", 0.0)?;
            let loss = dynamic::CosineEmbeddingLoss { margin, reduction };
            of_three!(T, new, ["input1", "input2", "target"], loss)
        }
        "MarginRankingLoss" => {
            let margin = call.float_or(0, "margin", 0.0)?;
            let loss = dynamic::MarginRankingLoss { margin, reduction };
            of_three!(T, new, ["input1", "input2", "target"], loss)
        }
        "GaussianNLLLoss" => {
            let loss = dynamic::GaussianNllLoss {
                full: call.bool_or(usize::MAX, "full", false)?,
                eps: call.float_or(usize::MAX, "eps", 1e-6)?,
                reduction,
            };
            of_three!(T, new, ["input", "target", "var"], loss)
        }
        "MultiMarginLoss" => {
            let weight = call.keyword("weight").map(|any| any.tensor().cloned()).transpose()?;
            let weight = weight.map(|any| Ok::<_, Refusal>(Buffer::from_tensor(any.typed::<T>()?)?));
            let loss = dynamic::MultiMarginLoss {
                p: call.int_or(0, "p", 1)? as u32,
                margin: call.float_or(1, "margin", 1.0)?,
                weight: weight.transpose()?,
                reduction,
            };
            of_classes!(T, new, loss)
        }
        "MultiLabelMarginLoss" => of_classes!(T, new, dynamic::MultiLabelMarginLoss { reduction }),
        "NLLLoss" => {
            let loss = dynamic::NllLoss::<T> {
                weight: weight(call, "weight")?,
                ignore_index: call.int_or(2, "ignore_index", -100)?,
                reduction,
            };
            of_classes!(T, new, loss)
        }
        "CrossEntropyLoss" => {
            let loss = dynamic::CrossEntropyLoss::<T> {
                weight: weight(call, "weight")?,
                ignore_index: call.int_or(2, "ignore_index", -100)?,
                reduction,
                label_smoothing: call.float_or(usize::MAX, "label_smoothing", 0.0)?,
            };
            module::<T, _, _>(new, loss, |loss, call| {
                let [input, target] = call.inputs(["input", "target"])?;
                let target = match target.is_float() {
                    true => Classes::Probabilities(target.typed::<T>()?),
                    false => Classes::Indices(target.typed::<i64>()?),
                };
                loss.forward(input.typed::<T>()?, target).into_answer()
            })
        }
        "CTCLoss" => {
            let options = CtcOptions {
                blank: call.int_or(0, "blank", 0)? as usize,
                reduction,
                zero_infinity: call.bool_or(2, "zero_infinity", false)?,
            };
            module::<T, _, _>(new, dynamic::CtcLoss { options }, |loss, call| {
                let [log, targets] = call.inputs(["log_probs", "targets"])?;
                let (lengths, wanted) = (lengths(call, 2)?, lengths(call, 3)?);
                loss.forward(
                    log.typed::<T>()?,
                    &targets.cast("int64")?.typed()?.clone(),
                    &lengths,
                    &wanted,
                )
                .into_answer()
            })
        }
        _ => Err(Refusal::Unknown),
    }
}

/// Lengths of sequences: a list, or a tensor of whole numbers.
fn lengths(call: &Call, position: usize) -> Result<Vec<usize>, Refusal> {
    let argument = call.need(position, "lengths")?;
    let numbers = match argument.tensor() {
        Ok(any) => any.integers()?,
        Err(_) => argument.ints()?,
    };
    Ok(numbers.into_iter().map(|number| number as usize).collect())
}
