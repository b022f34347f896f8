//! Losses.

use tensor::functional::{
    ClassOptions, Classes, CtcOptions, GaussianOptions, KlReduction, LogitsOptions, MultiMarginOptions, NllOptions,
    PoissonOptions, Reduction, TripletOptions, binary_cross_entropy, binary_cross_entropy_with_logits,
    cosine_embedding_loss, cross_entropy, ctc_loss, gaussian_nll_loss, hinge_embedding_loss, huber_loss, kl_div,
    l1_loss, margin_ranking_loss, mse_loss, multi_margin_loss, multilabel_margin_loss, multilabel_soft_margin_loss,
    nll_loss, poisson_nll_loss, smooth_l1_loss, soft_margin_loss, triplet_margin_loss,
};
use tensor::{Dynamic, Tensor};

use crate::conformance::any::{Listed, each, float};
use crate::conformance::{Any, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    let Some(name) = call.name().strip_prefix("nn.functional.") else {
        return Err(Refusal::Unknown);
    };
    match name {
        "cosine_embedding_loss" => {
            let (margin, reduction) = (call.float_or(3, "margin", 0.0)?, reduction(call, 6)?);
            each!(call, |input1, input2, target| cosine_embedding_loss(
                input1, input2, target, margin, reduction
            ))
        }
        "margin_ranking_loss" => {
            let (margin, reduction) = (call.float_or(3, "margin", 0.0)?, reduction(call, 6)?);
            each!(call, |input1, input2, target| margin_ranking_loss(
                input1, input2, target, margin, reduction
            ))
        }
        "triplet_margin_loss" => {
            let options = TripletOptions {
                margin: call.float_or(3, "margin", 1.0)?,
                p: call.float_or(4, "p", 2.0)?,
                eps: call.float_or(5, "eps", 1e-6)?,
                swap: call.bool_or(6, "swap", false)?,
                reduction: reduction(call, 9)?,
            };
            each!(call, |anchor, positive, negative| triplet_margin_loss(
                anchor, positive, negative, options
            ))
        }
        "poisson_nll_loss" => {
            let options = PoissonOptions {
                log_input: call.bool_or(2, "log_input", true)?,
                full: call.bool_or(3, "full", false)?,
                eps: call.float_or(5, "eps", 1e-8)?,
                reduction: reduction(call, 7)?,
            };
            each!(call, |input, target| poisson_nll_loss(input, target, options))
        }
        "gaussian_nll_loss" => {
            let options = GaussianOptions {
                full: call.bool_or(3, "full", false)?,
                eps: call.float_or(4, "eps", 1e-6)?,
                reduction: reduction(call, 5)?,
            };
            float!(call, |input, target, var| gaussian_nll_loss(
                input, target, var, options
            ))
        }
        "nll_loss" | "cross_entropy" | "multi_margin_loss" | "multilabel_margin_loss" => of_classes(call, name),
        "binary_cross_entropy" | "binary_cross_entropy_with_logits" | "multilabel_soft_margin_loss" => {
            binary(call, name)
        }
        "ctc_loss" => ctc(call),
        "huber_loss" => {
            let (reduction, delta) = (reduction(call, 2)?, call.float_or(3, "delta", 1.0)?);
            float!(call, |input, target| huber_loss(input, target, delta, reduction))
        }
        "kl_div" => {
            let reduction = match call.text_or(4, "reduction", "mean")? {
                "batchmean" => KlReduction::BatchMean,
                word => word.parse::<Reduction>()?.into(),
            };
            let log_target = call.bool_or(5, "log_target", false)?;
            float!(call, |input, target| kl_div(input, target, log_target, reduction))
        }
        "l1_loss" => {
            let reduction = reduction(call, 4)?;
            float!(call, |input, target| l1_loss(input, target, reduction))
        }
        "mse_loss" => {
            let reduction = reduction(call, 4)?;
            float!(call, |input, target| mse_loss(input, target, reduction))
        }
        "smooth_l1_loss" => {
            let (reduction, beta) = (reduction(call, 4)?, call.float_or(5, "beta", 1.0)?);
            float!(call, |input, target| smooth_l1_loss(input, target, beta, reduction))
        }
        "soft_margin_loss" => {
            let reduction = reduction(call, 4)?;
            float!(call, |input, target| soft_margin_loss(input, target, reduction))
        }
        "hinge_embedding_loss" => {
            let (margin, reduction) = (call.float_or(2, "margin", 1.0)?, reduction(call, 5)?);
            float!(call, |input, target| hinge_embedding_loss(
                input, target, margin, reduction
            ))
        }
        _ => Err(Refusal::Unknown),
    }
}

/// What becomes of the losses of the elements.
fn reduction(call: &Call, position: usize) -> Result<Reduction, Refusal> {
    Ok(call.text_or(position, "reduction", "mean")?.parse()?)
}

/// A tensor where there is one, in the element type of another.
fn like<T: Listed>(any: &Option<Any>) -> Result<Option<&Tensor<Dynamic, T>>, Refusal> {
    any.as_ref().map(Any::typed::<T>).transpose()
}

fn of_classes(call: &Call, name: &str) -> Outcome {
    let [input, target] = call.inputs(["input", "target"])?;
    macro_rules! of_classes {
        ($input:ident) => {{
            match name {
                "multi_margin_loss" => {
                    let p = call.float_or(2, "p", 1.0)?;
                    let weight = call.tensor_opt(4, "weight")?;
                    let options = MultiMarginOptions {
                        p: if p == f64::from(p as u32) { p as u32 } else { 0 },
                        margin: call.float_or(3, "margin", 1.0)?,
                        weight: like(&weight)?,
                        reduction: reduction(call, 7)?,
                    };
                    multi_margin_loss($input, target.typed()?, options)
                }
                "multilabel_margin_loss" => multilabel_margin_loss($input, target.typed()?, reduction(call, 4)?),
                "nll_loss" => {
                    let weight = call.tensor_opt(2, "weight")?;
                    let options = NllOptions {
                        weight: like(&weight)?,
                        ignore_index: call.int_or(4, "ignore_index", -100)?,
                        reduction: reduction(call, 6)?,
                    };
                    nll_loss($input, target.typed()?, options)
                }
                _ => {
                    let weight = call.tensor_opt(2, "weight")?;
                    let options = ClassOptions {
                        weight: like(&weight)?,
                        ignore_index: call.int_or(4, "ignore_index", -100)?,
                        reduction: reduction(call, 6)?,
                        label_smoothing: call.float_or(7, "label_smoothing", 0.0)?,
                    };
                    let target = match &target {
                        Any::I64(target) => Classes::Indices(target),
                        other => Classes::Probabilities(other.typed()?),
                    };
                    cross_entropy($input, target, options)
                }
            }
        }};
    }
    float!(|input| of_classes!(input))
}

fn binary(call: &Call, name: &str) -> Outcome {
    let [input, target] = call.inputs(["input", "target"])?;
    let weight = call.tensor_opt(2, "weight")?;
    match name {
        "binary_cross_entropy" => {
            let reduction = reduction(call, 5)?;
            float!(|input, target| binary_cross_entropy(input, target, like(&weight)?, reduction))
        }
        "multilabel_soft_margin_loss" => {
            let reduction = reduction(call, 5)?;
            float!(|input, target| multilabel_soft_margin_loss(input, target, like(&weight)?, reduction))
        }
        _ => {
            let (reduction, positives) = (reduction(call, 5)?, call.tensor_opt(6, "pos_weight")?);
            float!(|input, target| {
                let options = LogitsOptions {
                    weight: like(&weight)?,
                    pos_weight: like(&positives)?,
                    reduction,
                };
                binary_cross_entropy_with_logits(input, target, options)
            })
        }
    }
}

fn ctc(call: &Call) -> Outcome {
    let [log_probs, targets] = call.inputs(["log_probs", "targets"])?;
    let lengths = |position, name| -> Result<Vec<usize>, Refusal> {
        let numbers = match call.need(position, name)?.tensor() {
            Ok(any) => any.integers()?,
            Err(_) => call.need(position, name)?.ints()?,
        };
        let whole = numbers.into_iter().map(usize::try_from).collect::<Result<_, _>>();
        whole.map_err(|_| Refusal::form(format!("`{name}`: negative lengths")))
    };
    let (input_lengths, target_lengths) = (lengths(2, "input_lengths")?, lengths(3, "target_lengths")?);
    let blank = usize::try_from(call.int_or(4, "blank", 0)?).map_err(|_| Refusal::form("a negative blank"))?;
    let options = CtcOptions {
        blank,
        reduction: reduction(call, 5)?,
        zero_infinity: call.bool_or(6, "zero_infinity", false)?,
    };
    let targets = targets.cast("int64")?;
    let targets = targets.typed::<i64>()?;
    float!(|log_probs| ctc_loss(log_probs, targets, &input_lengths, &target_lengths, options))
}
