//! Losses of distances between vectors.

use std::fmt;

use tensor_ops::{Compare, Reduce};

use super::{Reduction, narrow, positive, wide};
use crate::element::{Differentiable, Element};
use crate::error::{Error, Result};
use crate::layout::{broadcast, describe};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The options of [`triplet_margin_loss`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TripletOptions {
    /// How much nearer the positive example is to be.
    pub margin: f64,
    /// The power in the distance.
    pub p: f64,
    /// What is added to each difference.
    pub eps: f64,
    /// Whether the negative example may be measured from the positive one, where that is nearer.
    pub swap: bool,
    /// What becomes of the losses of the elements.
    pub reduction: Reduction,
}

impl Default for TripletOptions {
    fn default() -> Self {
        Self {
            margin: 1.0,
            p: 2.0,
            eps: 1e-6,
            swap: false,
            reduction: Reduction::Mean,
        }
    }
}

/// The distance of two tensors.
type Distance<'a, T> = dyn Fn(&Tensor<Dynamic, T>, &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> + 'a;

/// The options of [`triplet_margin_with_distance_loss`].
pub struct TripletDistanceOptions<'a, T: Element> {
    /// The distance; that of [`triplet_margin_loss`] where there is none.
    pub distance: Option<&'a Distance<'a, T>>,
    /// How much nearer the positive example is to be.
    pub margin: f64,
    /// Whether the negative example may be measured from the positive one, where that is nearer.
    pub swap: bool,
    /// What becomes of the losses of the elements.
    pub reduction: Reduction,
}

impl<T: Element> Default for TripletDistanceOptions<'_, T> {
    fn default() -> Self {
        Self {
            distance: None,
            margin: 1.0,
            swap: false,
            reduction: Reduction::Mean,
        }
    }
}

impl<T: Element> fmt::Debug for TripletDistanceOptions<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TripletDistanceOptions")
            .field("margin", &self.margin)
            .field("swap", &self.swap)
            .field("reduction", &self.reduction)
            .finish_non_exhaustive()
    }
}

fn cosine(x1: &Value, x2: &Value, target: &Value, margin: f64) -> Result<Value> {
    let name = "cosine_embedding_loss";
    let sizes = broadcast(name, x1.sizes(), x2.sizes())?;
    let wanted = match &*sizes {
        [_] => Some(&sizes[..0]),
        [batch, _] => Some(std::slice::from_ref(batch)),
        _ => None,
    };
    if wanted != Some(target.sizes()) {
        return Err(Error::shape(
            name,
            "[features] with a target of [], or [batch, features] with one of [batch]",
            format!("{} with {}", describe(&sizes), describe(target.sizes())),
        ));
    }
    let last = sizes.len() - 1;
    let length = |x: &Value| x.square().sum(&[x.layout.rank() - 1], false).affine(1.0, 1e-12);
    let cosine = x1
        .mul(x2)?
        .sum(&[last], false)
        .div(&length(x1).mul(&length(x2))?.sqrt())?;
    let alike = cosine.affine(-1.0, 1.0);
    let unlike = positive(&cosine.affine(1.0, -margin));
    let is = |sign: f64, loss: &Value| loss.or_where_not(&target.compare_to(Compare::Eq, sign), 0.0);
    is(1.0, &alike)?.add(&is(-1.0, &unlike)?)
}

/// `sum(|x1 - x2 + eps|^p)^(1 / p)` along the last axis; the gradient where that is 0 is 0.
fn distance(x1: &Value, x2: &Value, p: f64, eps: f64) -> Result<Value> {
    let d = x1.sub(x2)?.affine(1.0, eps);
    let last = [d.layout.rank() - 1];
    let but_for_zero = |power: &Value, root: &dyn Fn(&Value) -> Value| {
        let zero = power.compare_to(Compare::Eq, 0.0);
        let safe = zero.select(&power.constant(1.0), power)?;
        zero.select(&power.constant(0.0), &root(&safe))
    };
    if p == 0.0 {
        return Ok(d.compare_to(Compare::Ne, 0.0).cast(d.dtype()).sum(&last, false));
    }
    if p == 1.0 {
        return Ok(d.abs().sum(&last, false));
    }
    if p == 2.0 {
        return but_for_zero(&d.square().sum(&last, false), &Value::sqrt);
    }
    if p == f64::INFINITY {
        return Ok(d.abs().reduce(Reduce::Max, &last, false));
    }
    let each = but_for_zero(&d.abs(), &|d| d.pow(p))?;
    but_for_zero(&each.sum(&last, false), &|sum| sum.pow(1.0 / p))
}

/// That three tensors have an axis of features and as many axes as each other.
fn same_ranks(name: &'static str, tensors: [&[usize]; 3]) -> Result<()> {
    let [anchor, positive, negative] = tensors;
    if !anchor.is_empty() && anchor.len() == positive.len() && anchor.len() == negative.len() {
        broadcast(name, &broadcast(name, anchor, positive)?, negative)?;
        return Ok(());
    }
    Err(Error::shape(
        name,
        "an anchor, a positive and a negative example of as many axes, 1 at least",
        tensors.map(describe).join(", "),
    ))
}

fn margin_above_zero(margin: f64) -> Result<()> {
    if margin > 0.0 {
        return Ok(());
    }
    Err(Error::argument("margin", "a number above 0", margin))
}

/// `max(margin + near - far, 0)`.
fn hinge(near: &Value, far: &Value, margin: f64) -> Result<Value> {
    Ok(positive(&near.sub(far)?.affine(1.0, margin)))
}

/// `1 - cos` for pairs whose target is 1 and `max(cos - margin, 0)` for those whose target is -1, with the cosine of the angle between
/// both vectors, reduced. PyTorch's default for `margin` is 0.
///
/// `input1`, `input2`: `[features]` or `[batch, features]`; `target`: `[]` or `[batch]`.
///
/// # Errors
/// Where sizes do not fit.
///
/// ```
/// use tensor::functional::{Reduction, cosine_embedding_loss};
/// use tensor::prelude::*;
/// let (a, b) = (Tensor::from_vec(vec![1., 0.], &[1, 2])?, Tensor::from_vec(vec![0., 2.], &[1, 2])?);
/// let loss = cosine_embedding_loss(&a, &b, &Tensor::from(vec![1.]), 0., Reduction::Mean)?;
/// assert_eq!(loss.to_vec()?, [1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn cosine_embedding_loss<T: Element>(
    input1: &Tensor<Dynamic, T>,
    input2: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    margin: f64,
    reduction: Reduction,
) -> Result<Tensor<Dynamic, T::Float>> {
    let losses = cosine(&wide(input1), &wide(input2), &wide(target), margin)?;
    Ok(narrow::<T>(&reduction.of(&losses)))
}

/// `max(margin + |anchor - positive| - |anchor - negative|, 0)` with distances along the last axis, reduced; the sizes broadcast.
///
/// # Errors
/// Where ranks differ or sizes do not broadcast, or `margin` is not above 0.
///
/// ```
/// use tensor::functional::{TripletOptions, triplet_margin_loss};
/// use tensor::prelude::*;
/// let at = |x| Tensor::<Dynamic>::from_vec(vec![x], &[1, 1]);
/// let loss = triplet_margin_loss(&at(0.)?, &at(1.)?, &at(3.)?, TripletOptions::default())?;
/// assert_eq!(loss.to_vec()?, [0.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn triplet_margin_loss<T: Element>(
    anchor: &Tensor<Dynamic, T>,
    positive: &Tensor<Dynamic, T>,
    negative: &Tensor<Dynamic, T>,
    options: TripletOptions,
) -> Result<Tensor<Dynamic, T::Float>> {
    same_ranks("triplet_margin_loss", [anchor, positive, negative].map(Tensor::sizes))?;
    margin_above_zero(options.margin)?;
    let (anchor, positive, negative) = (wide(anchor), wide(positive), wide(negative));
    let measure = |a: &Value, b: &Value| distance(a, b, options.p, options.eps);
    let near = measure(&anchor, &positive)?;
    let mut far = measure(&anchor, &negative)?;
    if options.swap {
        far = far.minimum(&measure(&positive, &negative)?)?;
    }
    let losses = hinge(&near, &far, options.margin)?;
    Ok(narrow::<T>(&options.reduction.of(&losses)))
}

/// [`triplet_margin_loss`] with another distance. PyTorch's `triplet_margin_with_distance_loss`.
///
/// # Errors
/// Where ranks differ, `margin` is not above 0, or the distance fails.
///
/// ```
/// use tensor::functional::{TripletDistanceOptions, triplet_margin_with_distance_loss};
/// use tensor::prelude::*;
/// let options = TripletDistanceOptions { distance: Some(&|a, b| Ok(a.sub(b)?.abs())), ..Default::default() };
/// let at = |x| Tensor::<Dynamic>::from_vec(vec![x], &[1, 1]);
/// let loss = triplet_margin_with_distance_loss(&at(0.)?, &at(2.)?, &at(1.)?, options)?;
/// assert_eq!(loss.to_vec()?, [2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn triplet_margin_with_distance_loss<T: Differentiable>(
    anchor: &Tensor<Dynamic, T>,
    positive: &Tensor<Dynamic, T>,
    negative: &Tensor<Dynamic, T>,
    options: TripletDistanceOptions<'_, T>,
) -> Result<Tensor<Dynamic, T>> {
    let name = "triplet_margin_with_distance_loss";
    same_ranks(name, [anchor, positive, negative].map(Tensor::sizes))?;
    margin_above_zero(options.margin)?;
    let measure = |a: &Tensor<Dynamic, T>, b: &Tensor<Dynamic, T>| match options.distance {
        Some(distance) => Ok(wide(&distance(a, b)?)),
        None => distance(&wide(a), &wide(b), 2.0, 1e-6),
    };
    let near = measure(anchor, positive)?;
    let mut far = measure(anchor, negative)?;
    if options.swap {
        far = far.minimum(&measure(positive, negative)?)?;
    }
    let losses = hinge(&near, &far, options.margin)?;
    Ok(narrow::<T>(&options.reduction.of(&losses)))
}
