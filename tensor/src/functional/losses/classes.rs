//! Losses of classes, which lie along axis 1, or along the only axis there is.

use smallvec::smallvec;
use tensor_ops::Compare;

use super::{Reduction, narrow, of_class, same_sizes, wide};
use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::layout::{Axes, describe};
use crate::ops::gather::gather;
use crate::ops::{linear, softmax};
use crate::shape::Dynamic;
use crate::tape::{Rule, Value, record};
use crate::tensors::Tensor;

/// The class that PyTorch ignores unless it is told which.
const IGNORED: i64 = -100;

/// What was wanted: a class, or a probability for each.
#[derive(Clone, Copy, Debug)]
pub enum Classes<'a, T: Differentiable> {
    /// The number of a class; as the input, without the axis of classes.
    Indices(&'a Tensor<Dynamic, i64>),
    /// A probability for each class; of the sizes of the input.
    Probabilities(&'a Tensor<Dynamic, T>),
}

impl<'a, T: Differentiable> From<&'a Tensor<Dynamic, i64>> for Classes<'a, T> {
    fn from(indices: &'a Tensor<Dynamic, i64>) -> Self {
        Self::Indices(indices)
    }
}

impl<'a, T: Differentiable> From<&'a Tensor<Dynamic, T>> for Classes<'a, T> {
    fn from(probabilities: &'a Tensor<Dynamic, T>) -> Self {
        Self::Probabilities(probabilities)
    }
}

/// The options of [`cross_entropy`] and [`linear_cross_entropy`].
#[derive(Debug)]
pub struct ClassOptions<'a, T: Differentiable> {
    /// A factor for each class. A mean over indices is divided by the sum of the factors of their classes.
    pub weight: Option<&'a Tensor<Dynamic, T>>,
    /// The index that counts for nothing: -100, unless it is set.
    pub ignore_index: i64,
    /// The part of the target, from 0 to 1, that is spread over all classes.
    pub label_smoothing: f64,
    /// What becomes of the losses of the elements.
    pub reduction: Reduction,
}

impl<T: Differentiable> Default for ClassOptions<'_, T> {
    fn default() -> Self {
        Self {
            weight: None,
            ignore_index: IGNORED,
            label_smoothing: 0.0,
            reduction: Reduction::Mean,
        }
    }
}

/// The options of [`nll_loss`].
#[derive(Debug)]
pub struct NllOptions<'a, T: Differentiable> {
    /// A factor for each class. A mean is divided by the sum of the factors of its classes.
    pub weight: Option<&'a Tensor<Dynamic, T>>,
    /// The index that counts for nothing: -100, unless it is set.
    pub ignore_index: i64,
    /// What becomes of the losses of the elements.
    pub reduction: Reduction,
}

impl<T: Differentiable> Default for NllOptions<'_, T> {
    fn default() -> Self {
        Self {
            weight: None,
            ignore_index: IGNORED,
            reduction: Reduction::Mean,
        }
    }
}

/// What is the same for all losses of classes.
struct Call<'a> {
    name: &'static str,
    weight: Option<&'a Value>,
    ignored: i64,
    smoothing: f64,
    reduction: Reduction,
}

impl Call<'_> {
    /// The axis of classes.
    fn axis(&self, input: &Value) -> Result<usize> {
        match input.layout.rank() {
            0 => Err(Error::shape(self.name, "an input with an axis of classes", "a scalar")),
            rank => Ok(usize::from(rank > 1)),
        }
    }

    /// That there is a factor for each class.
    fn check(&self, classes: usize) -> Result<()> {
        if let Some(weight) = self.weight.filter(|weight| weight.sizes() != [classes]) {
            return Err(Error::shape(
                self.name,
                format!("a weight of [{classes}], one for each class"),
                describe(weight.sizes()),
            ));
        }
        if (0.0..=1.0).contains(&self.smoothing) {
            return Ok(());
        }
        Err(Error::argument(
            "label_smoothing",
            "a number from 0 to 1",
            self.smoothing,
        ))
    }

    /// The loss of indices; `log` are logarithms of probabilities.
    fn of_indices(&self, log: &Value, target: &Value) -> Result<Value> {
        let axis = self.axis(log)?;
        let classes = log.sizes()[axis];
        self.check(classes)?;
        let mut rows: Axes<usize> = log.sizes().into();
        rows.remove(axis);
        if target.sizes() != &*rows {
            return Err(Error::shape(
                self.name,
                format!(
                    "a target of {} for an input of {}",
                    describe(&rows),
                    describe(log.sizes())
                ),
                describe(target.sizes()),
            ));
        }
        // Not as a float, which would not be exact for all.
        let ignored = Value::from_slice(target.device(), &[], &[self.ignored]);
        let counts = target.compare(Compare::Ne, &ignored)?;
        // What is ignored may be no class at all.
        let index = counts.select(target, &target.zeros_like())?;
        let factor = match self.weight {
            Some(weight) => {
                let flat = index.reshape(&[index.len()]);
                of_class(self.name, gather(weight, 0, &flat))?.reshape(&rows)
            }
            None => Value::filled(log.device(), log.dtype(), 1.0, &rows),
        };
        let factor = factor.or_where_not(&counts, 0.0)?;
        let picked = of_class(self.name, gather(log, axis, &index.unsqueeze(axis)))?.squeeze(axis);
        // Not by the factor alone: a probability of 0 has a logarithm that times 0 is NaN.
        let mut losses = picked.or_where_not(&counts, 0.0)?.neg().mul(&factor)?;
        if self.smoothing > 0.0 {
            let spread = self.spread(log, axis)?.or_where_not(&counts, 0.0)?;
            losses = losses
                .scale(1.0 - self.smoothing)
                .add(&spread.scale(self.smoothing / classes as f64))?;
        }
        match self.reduction {
            Reduction::Mean => losses.total().div(&factor.total()),
            other => Ok(other.of(&losses)),
        }
    }

    /// The sum over the classes of `-log`, each times its factor.
    fn spread(&self, log: &Value, axis: usize) -> Result<Value> {
        let weighted = match self.weight {
            Some(weight) => log.mul(&self.along(weight, log, axis))?,
            None => log.clone(),
        };
        Ok(weighted.sum(&[axis], false).neg())
    }

    /// The factors of classes, along the axis of these.
    fn along(&self, weight: &Value, log: &Value, axis: usize) -> Value {
        let mut sizes: Axes<usize> = smallvec![1; log.layout.rank()];
        sizes[axis] = weight.len();
        weight.reshape(&sizes)
    }

    /// The loss of probabilities.
    fn of_probabilities(&self, log: &Value, target: &Value) -> Result<Value> {
        let axis = self.axis(log)?;
        let classes = log.sizes()[axis];
        self.check(classes)?;
        same_sizes(self.name, "a target of probabilities", log, target)?;
        let target = match self.smoothing {
            0.0 => target.clone(),
            part => target.affine(1.0 - part, part / classes as f64),
        };
        let losses = self.spread(&log.mul(&target)?, axis)?;
        match self.reduction {
            // The mean over the rows, whatever the factors.
            Reduction::Mean => Ok(losses.total().scale(1.0 / losses.len() as f64)),
            other => Ok(other.of(&losses)),
        }
    }

    /// The loss of logits.
    fn of_logits<T: Differentiable>(&self, input: &Value, target: Classes<'_, T>) -> Result<Value> {
        let axis = self.axis(input)?;
        let last = input.layout.rank() - 1;
        let log = match axis == last {
            true => softmax::log_softmax(input),
            false => softmax::log_softmax(&input.transpose(axis, last)).transpose(axis, last),
        };
        match target {
            Classes::Indices(target) => self.of_indices(&log, target.value()),
            Classes::Probabilities(target) => self.of_probabilities(&log, &wide(target)),
        }
    }
}

/// The same value. A loss that is linear has a gradient which does not depend on its input; as in PyTorch, what comes of that is zeros and not
/// nothing.
fn linearly(x: &Value) -> Value {
    let rule = || {
        Rule::own(|step| {
            let (d, x) = (step.gradient, &step.saved[0]);
            let again = || Rule::Plain(|step| smallvec![Some(step.gradient.clone()), Some(step.saved[0].zeros_like())]);
            Ok(smallvec![Some(record("nll_loss", d.detach(), [d, x], again, |_| {
                smallvec![x.detach()]
            }))])
        })
    };
    record("nll_loss", x.detach(), [x], rule, |_| smallvec![x.clone()])
}

/// `-input[target]` for logarithms of probabilities, times the weight of the class, reduced.
///
/// `input`: `[classes]`, `[batch, classes]` or `[batch, classes, ..]`; `target`: the same without the axis of classes. The mean is over what
/// is not ignored, and NaN where all is.
///
/// # Errors
/// Where sizes do not fit, or a target is no class.
///
/// ```
/// use tensor::functional::{NllOptions, nll_loss};
/// use tensor::prelude::*;
/// let (log, target) = (Tensor::from_vec(vec![-1., -2., -3., -4.], &[2, 2])?, Tensor::from(vec![1, -100]));
/// assert_eq!(nll_loss(&log, &target, NllOptions::default())?.to_vec()?, [2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn nll_loss<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, i64>,
    options: NllOptions<'_, T>,
) -> Result<Tensor<Dynamic, T>> {
    let weight = options.weight.map(wide);
    let call = Call {
        name: "nll_loss",
        weight: weight.as_ref(),
        ignored: options.ignore_index,
        smoothing: 0.0,
        reduction: options.reduction,
    };
    Ok(narrow::<T>(&call.of_indices(&linearly(&wide(input)), target.value())?))
}

/// `-log_softmax(input)[target]`, times the weight of the class, reduced; of probabilities, `-sum(target weight log_softmax(input))` over the classes.
///
/// `input`: `[classes]`, `[batch, classes]` or `[batch, classes, ..]`; `target`: the same without the axis of classes, or, where it is
/// probabilities, the same. The mean of indices is over what is not ignored; that of probabilities is over all.
///
/// # Errors
/// Where sizes do not fit, or a target is no class.
///
/// ```
/// use tensor::functional::{ClassOptions, cross_entropy};
/// use tensor::prelude::*;
/// let logits = Tensor::from_vec(vec![0., 0., 0., 0.], &[2, 2])?;
/// let loss = cross_entropy(&logits, &Tensor::from(vec![0i64, 1]), ClassOptions::default())?;
/// assert_eq!(loss.to_vec()?, [2f32.ln()]);
/// let loss = cross_entropy(&logits, &logits.softmax(), ClassOptions::default())?;
/// assert_eq!(loss.to_vec()?, [2f32.ln()]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn cross_entropy<'a, T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: impl Into<Classes<'a, T>>,
    options: ClassOptions<'_, T>,
) -> Result<Tensor<Dynamic, T>> {
    let weight = options.weight.map(wide);
    let call = options.call("cross_entropy", weight.as_ref());
    Ok(narrow::<T>(&call.of_logits(&wide(input), target.into())?))
}

/// [`cross_entropy`] of `input weight^T + bias`.
///
/// `input`: `[in]` or `[batch, in]`; `weight`: `[classes, in]` or `[classes, .., in]`; `bias`: the same without the last axis; the target is that of
/// logits `[batch, classes, ..]`.
///
/// # Errors
/// Where sizes do not fit, or a target is no class.
///
/// ```
/// use tensor::functional::{ClassOptions, linear_cross_entropy};
/// use tensor::prelude::*;
/// let (x, weight) = (Tensor::from_vec(vec![1.], &[1, 1])?, Tensor::from_vec(vec![2., 2.], &[2, 1])?);
/// let target = Tensor::from(vec![1i64]);
/// let loss = linear_cross_entropy(&x, &weight, None, &target, ClassOptions::default())?;
/// assert_eq!(loss.to_vec()?, [2f32.ln()]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn linear_cross_entropy<'a, T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    weight: &Tensor<Dynamic, T>,
    bias: Option<&Tensor<Dynamic, T>>,
    target: impl Into<Classes<'a, T>>,
    options: ClassOptions<'_, T>,
) -> Result<Tensor<Dynamic, T>> {
    let class_weight = options.weight.map(wide);
    let call = options.call("linear_cross_entropy", class_weight.as_ref());
    let logits = logits(call.name, &wide(input), &wide(weight), bias.map(wide).as_ref())?;
    Ok(narrow::<T>(&call.of_logits(&logits, target.into())?))
}

impl<T: Differentiable> ClassOptions<'_, T> {
    fn call<'a>(&self, name: &'static str, weight: Option<&'a Value>) -> Call<'a> {
        Call {
            name,
            weight,
            ignored: self.ignore_index,
            smoothing: self.label_smoothing,
            reduction: self.reduction,
        }
    }
}

/// `input weight^T + bias`, with all axes of the weight but the last behind those of the batch.
fn logits(name: &'static str, input: &Value, weight: &Value, bias: Option<&Value>) -> Result<Value> {
    let (Some((&features, batch)), Some((&taken, outs))) = (input.sizes().split_last(), weight.sizes().split_last())
    else {
        return Err(Error::shape(
            name,
            "an input [.., in] and a weight [classes, .., in]",
            "a scalar",
        ));
    };
    if features != taken || outs.is_empty() || batch.len() > 1 {
        return Err(Error::shape(
            name,
            format!("an input [{taken}] or [batch, {taken}] for a weight [classes, .., {taken}]"),
            format!("{} for {}", describe(input.sizes()), describe(weight.sizes())),
        ));
    }
    if let Some(bias) = bias.filter(|bias| bias.sizes() != outs) {
        return Err(Error::shape(
            name,
            format!("a bias of {}", describe(outs)),
            describe(bias.sizes()),
        ));
    }
    let wide: usize = outs.iter().product();
    let flat = weight.reshape(&[wide, taken]);
    let mut sizes: Axes<usize> = batch.into();
    sizes.extend_from_slice(outs);
    let product = linear::linear(&input.reshape(&[batch.iter().product(), taken]), &flat, None).reshape(&sizes);
    match bias {
        Some(bias) => product.add(bias),
        None => Ok(product),
    }
}
