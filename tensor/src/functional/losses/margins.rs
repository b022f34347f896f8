//! Losses that want scores to differ by a margin.

use tensor_ops::Compare;

use super::{Reduction, narrow, of_class, positive, wide};
use crate::element::{Differentiable, Element};
use crate::error::{Error, Result};
use crate::layout::{broadcast, describe};
use crate::ops::gather::gather;
use crate::ops::host::on_processor;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The options of [`multi_margin_loss`].
#[derive(Debug)]
pub struct MultiMarginOptions<'a, T: Differentiable> {
    /// The power of each excess: 1 or 2.
    pub p: u32,
    /// How much higher the score of the target is to be.
    pub margin: f64,
    /// A factor for each class of a target.
    pub weight: Option<&'a Tensor<Dynamic, T>>,
    /// What becomes of the losses of the rows.
    pub reduction: Reduction,
}

impl<T: Differentiable> Default for MultiMarginOptions<'_, T> {
    fn default() -> Self {
        Self {
            p: 1,
            margin: 1.0,
            weight: None,
            reduction: Reduction::Mean,
        }
    }
}

fn hinge_embedding(input: &Value, target: &Value, margin: f64) -> Result<Value> {
    let sizes = broadcast("hinge_embedding_loss", input.sizes(), target.sizes())?;
    let zeros = Value::filled(input.device(), input.dtype(), 0.0, &sizes);
    let isnt = |sign: f64, loss: &Value| target.compare_to(Compare::Ne, sign).select(loss, &zeros);
    isnt(1.0, &positive(&input.affine(-1.0, margin)))?.add(&isnt(-1.0, input)?)
}

fn margin_ranking(x1: &Value, x2: &Value, target: &Value, margin: f64) -> Result<Value> {
    let name = "margin_ranking_loss";
    if x1.layout.rank() != x2.layout.rank() || x1.layout.rank() != target.layout.rank() {
        return Err(Error::shape(
            name,
            "inputs and a target of as many axes",
            [x1, x2, target].map(|x| describe(x.sizes())).join(", "),
        ));
    }
    broadcast(name, &broadcast(name, x1.sizes(), x2.sizes())?, target.sizes())?;
    Ok(positive(&x1.sub(x2)?.mul(target)?.affine(-1.0, margin)))
}

/// Scores as rows of classes, of which there is one at least.
fn rows(name: &'static str, input: &Value) -> Result<Value> {
    let sizes = match *input.sizes() {
        [] => [1, 1],
        [classes] if classes > 0 => [1, classes],
        [batch, classes] if classes > 0 => [batch, classes],
        _ => {
            return Err(Error::shape(
                name,
                "an input of [classes] or [batch, classes] with one class at least",
                describe(input.sizes()),
            ));
        }
    };
    Ok(input.reshape(&sizes))
}

fn multi_margin(input: &Value, target: &Value, margin: f64, p: u32, weight: Option<&Value>) -> Result<Value> {
    let name = "multi_margin_loss";
    if !matches!(p, 1 | 2) {
        return Err(Error::argument("p", "1 or 2", p));
    }
    let scores = rows(name, input)?;
    let [batch, classes] = *scores.sizes() else {
        unreachable!("`rows` above gives two axes")
    };
    if target.layout.rank() > 1 || target.len() != batch {
        return Err(Error::shape(
            name,
            format!("a target of [{batch}]"),
            describe(target.sizes()),
        ));
    }
    if let Some(weight) = weight.filter(|weight| weight.sizes() != [classes]) {
        return Err(Error::shape(
            name,
            format!("a weight of [{classes}], one for each class"),
            describe(weight.sizes()),
        ));
    }
    let index = target.reshape(&[batch, 1]);
    let wanted = of_class(name, gather(&scores, 1, &index))?;
    let excess = positive(&scores.sub(&wanted)?.affine(1.0, margin));
    let mut losses = if p == 2 { excess.square() } else { excess };
    if let Some(weight) = weight {
        let weight = gather(weight, 0, &target.reshape(&[batch]))?;
        losses = losses.mul(&weight.reshape(&[batch, 1]))?;
    }
    // The class itself is no other.
    let classes_row: Vec<i64> = (0..classes as i64).collect();
    let classes_row = Value::from_slice(target.device(), &[1, classes], &classes_row);
    let others = index.compare(Compare::Ne, &classes_row)?;
    let losses = losses.or_where_not(&others, 0.0)?;
    let losses = losses.sum(&[1], false).scale(1.0 / classes as f64);
    Ok(losses.reshape(target.sizes()))
}

fn multilabel_margin(input: &Value, target: &Value) -> Result<Value> {
    let name = "multilabel_margin_loss";
    let scores = rows(name, input)?;
    let [batch, classes] = *scores.sizes() else {
        unreachable!("`rows` above gives two axes")
    };
    let one_row = input.layout.rank() < 2 && target.layout.rank() < 2 && target.len() == classes;
    if !one_row && target.sizes() != input.sizes() {
        return Err(Error::shape(
            name,
            format!("a target of {}, as the input", describe(input.sizes())),
            describe(target.sizes()),
        ));
    }
    on_processor(name, &[input, target])?;
    let labels: Vec<i64> = target.to_vec()?;
    let (mut index, mut counts) = (vec![0i64; labels.len()], vec![false; labels.len()]);
    let mut is_target = vec![false; labels.len()];
    for row in 0..batch {
        // The first negative one ends the list.
        for place in row * classes..(row + 1) * classes {
            let label = labels[place];
            if label < 0 {
                break;
            }
            if label >= classes as i64 {
                return Err(Error::OutOfRange {
                    operation: name,
                    what: "label",
                    index: label,
                    size: format!("{classes} classes"),
                });
            }
            (index[place], counts[place]) = (label, true);
            is_target[row * classes + label as usize] = true;
        }
    }
    let mask = |data: &[bool], sizes: &[usize]| Value::from_slice(input.device(), sizes, data);
    let index = Value::from_slice(input.device(), &[batch, classes], &index);
    let wanted = gather(&scores, 1, &index)?.unsqueeze(2);
    let excess = positive(&scores.unsqueeze(1).sub(&wanted)?.affine(1.0, 1.0));
    let others: Vec<bool> = is_target.iter().map(|is_target| !is_target).collect();
    let pairs = mask(&counts, &[batch, classes, 1]).both(&mask(&others, &[batch, 1, classes]))?;
    let losses = excess.or_where_not(&pairs, 0.0)?.sum(&[1, 2], false);
    let losses = losses.scale(1.0 / classes as f64);
    Ok(if input.layout.rank() < 2 {
        losses.reshape(&[])
    } else {
        losses
    })
}

/// The input where the target is 1, `max(margin - input, 0)` where it is -1, their sum elsewhere, reduced; the sizes broadcast. PyTorch's default
/// for `margin` is 1.
///
/// # Errors
/// Where sizes do not broadcast.
///
/// ```
/// use tensor::functional::{Reduction, hinge_embedding_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![0.5, 0.25]), Tensor::from(vec![1., -1.]));
/// assert_eq!(hinge_embedding_loss(&x, &target, 1., Reduction::None)?.to_vec()?, [0.5, 0.75]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn hinge_embedding_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    margin: f64,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T>> {
    let losses = hinge_embedding(&wide(input), &wide(target), margin)?;
    Ok(narrow::<T>(&reduction.of(&losses)))
}

/// `max(-target (input1 - input2) + margin, 0)`, reduced: with a target of 1 the first is to be the larger, with -1 the second. The sizes
/// broadcast. PyTorch's default for `margin` is 0.
///
/// # Errors
/// Where ranks differ or sizes do not broadcast.
///
/// ```
/// use tensor::functional::{Reduction, margin_ranking_loss};
/// use tensor::prelude::*;
/// let (a, b, target) = (Tensor::from(vec![1., 1.]), Tensor::from(vec![3., 3.]), Tensor::from(vec![1., -1.]));
/// assert_eq!(margin_ranking_loss(&a, &b, &target, 0., Reduction::None)?.to_vec()?, [2., 0.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn margin_ranking_loss<T: Element>(
    input1: &Tensor<Dynamic, T>,
    input2: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    margin: f64,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T::Float>> {
    let losses = margin_ranking(&wide(input1), &wide(input2), &wide(target), margin)?;
    Ok(narrow::<T>(&reduction.of(&losses)))
}

/// The sum over the other classes of `max(margin + input[class] - input[target], 0)^p`, times the weight of the target, divided by the number
/// of classes, reduced.
///
/// `input`: `[classes]` or `[batch, classes]`; `target`: `[]` or `[batch]`.
///
/// # Errors
/// Where sizes do not fit, a target is no class, or `p` is neither 1 nor 2.
///
/// ```
/// use tensor::functional::{MultiMarginOptions, multi_margin_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from_vec(vec![1., 0.5], &[1, 2])?, Tensor::from(vec![0]));
/// assert_eq!(multi_margin_loss(&x, &target, MultiMarginOptions::default())?.to_vec()?, [0.25]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn multi_margin_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, i64>,
    options: MultiMarginOptions<'_, T>,
) -> Result<Tensor<Dynamic, T>> {
    let weight = options.weight.map(wide);
    let losses = multi_margin(&wide(input), target.value(), options.margin, options.p, weight.as_ref())?;
    Ok(narrow::<T>(&options.reduction.of(&losses)))
}

/// The sum over targets and classes that are none of `max(1 + input[class] - input[target], 0)`, divided by the number of classes, reduced.
///
/// `input` and `target`: `[classes]` or `[batch, classes]`; the targets of a row end with the first negative one.
///
/// # Errors
/// Where sizes do not fit, or a target is no class.
///
/// ```
/// use tensor::functional::{Reduction, multilabel_margin_loss};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![1., 0.5]), Tensor::from(vec![0, -1]));
/// assert_eq!(multilabel_margin_loss(&x, &target, Reduction::Mean)?.to_vec()?, [0.25]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn multilabel_margin_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, i64>,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T>> {
    let losses = multilabel_margin(&wide(input), target.value())?;
    Ok(narrow::<T>(&reduction.of(&losses)))
}
