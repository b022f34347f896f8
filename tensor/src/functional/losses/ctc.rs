//! Connectionist temporal classification: the likelihood of a sequence over all ways to stretch it in time.
//!
//! Alex Graves et al., "Connectionist temporal classification", ICML 2006. The recursions are in logarithms, and add in the order in
//! which PyTorch adds: over some hundred steps its single precision loses digits, and another order would lose others.

use std::sync::Arc;

use smallvec::smallvec;

use super::{Reduction, narrow, wide};
use crate::device::typed::float;
use crate::element::{Differentiable, Element};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::host::on_processor;
use crate::shape::Dynamic;
use crate::tape::{Rule, Value, record};
use crate::tensors::Tensor;

/// The options of [`ctc_loss`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CtcOptions {
    /// The class that stands for nothing.
    pub blank: usize,
    /// What becomes of the losses of the sequences. The mean is of losses that are each divided by the length of their target.
    pub reduction: Reduction,
    /// Whether infinite losses, those of targets that are too long, count as 0 and have no gradient.
    pub zero_infinity: bool,
}

/// The sequences of a call.
struct Sequences {
    /// The targets with a blank before, between and behind.
    stretched: Vec<Vec<usize>>,
    input_lengths: Vec<usize>,
    classes: usize,
    zero_infinity: bool,
}

const NAME: &str = "ctc_loss";

impl Sequences {
    fn new(
        sizes: [usize; 3],
        targets: &Value,
        input_lengths: &[usize],
        target_lengths: &[usize],
        options: CtcOptions,
    ) -> Result<Self> {
        let [steps, batch, classes] = sizes;
        if options.blank >= classes {
            return Err(out_of_range("blank", options.blank as i64, classes));
        }
        for (name, lengths) in [("input_lengths", input_lengths), ("target_lengths", target_lengths)] {
            if lengths.len() != batch {
                let expected = format!("{batch} lengths, one for each sequence");
                return Err(Error::argument(name, expected, lengths.len()));
            }
        }
        if let Some(long) = input_lengths.iter().find(|&&length| length > steps) {
            return Err(Error::argument(
                "input_lengths",
                format!("lengths of up to {steps}"),
                long,
            ));
        }
        let padded = match *targets.sizes() {
            [total] => {
                let sum = target_lengths
                    .iter()
                    .try_fold(0usize, |sum, &length| sum.checked_add(length));
                if sum != Some(total) && !(batch == 1 && sum < Some(total)) {
                    let expected = format!("lengths whose sum is {total}, that of all targets");
                    return Err(Error::argument(
                        "target_lengths",
                        expected,
                        format!("{target_lengths:?}"),
                    ));
                }
                None
            }
            [rows, longest] if rows == batch => Some(longest),
            _ => {
                return Err(Error::shape(
                    NAME,
                    format!("targets of [{batch}, length] or [total length]"),
                    describe(targets.sizes()),
                ));
            }
        };
        let data: Vec<i64> = targets.to_vec()?;
        let (mut stretched, mut begin) = (Vec::with_capacity(batch), 0);
        for (row, &length) in target_lengths.iter().enumerate() {
            let from = padded.map_or(begin, |longest| row * longest);
            let room = padded.unwrap_or(data.len() - begin.min(data.len()));
            if length > room {
                return Err(Error::argument(
                    "target_lengths",
                    format!("lengths of up to {room}"),
                    length,
                ));
            }
            let mut symbols = vec![options.blank];
            for &label in &data[from..from + length] {
                let class = usize::try_from(label).ok().filter(|class| *class < classes);
                symbols.push(class.ok_or_else(|| out_of_range("target", label, classes))?);
                symbols.push(options.blank);
            }
            stretched.push(symbols);
            begin += length;
        }
        Ok(Self {
            stretched,
            input_lengths: input_lengths.to_vec(),
            classes,
            zero_infinity: options.zero_infinity,
        })
    }

    fn batch(&self) -> usize {
        self.stretched.len()
    }

    /// Where a sequence has its logarithms of a step.
    fn row(&self, step: usize, sequence: usize) -> usize {
        (step * self.batch() + sequence) * self.classes
    }

    /// The logarithms of the likelihoods of all beginnings of a stretched target at each step, as rows.
    fn beginnings<T: Log>(&self, log: &[T], sequence: usize) -> Vec<T> {
        let (symbols, steps) = (&self.stretched[sequence], self.input_lengths[sequence]);
        let mut alpha = vec![T::NONE; steps * symbols.len()];
        for step in 0..steps {
            let (before, row) = alpha.split_at_mut(step * symbols.len());
            let before = &before[before.len().saturating_sub(symbols.len())..];
            for (s, &symbol) in symbols.iter().enumerate() {
                let here = log[self.row(step, sequence) + symbol];
                row[s] = if step > 0 {
                    let one = if s > 0 { before[s - 1] } else { T::NONE };
                    let skips = s > 1 && symbol != symbols[s - 2];
                    let two = if skips { before[s - 2] } else { T::NONE };
                    T::sum([before[s], one, two]).times(here)
                } else if s < 2 {
                    here
                } else {
                    T::NONE
                };
            }
        }
        alpha
    }

    /// The same of all ends.
    fn ends<T: Log>(&self, log: &[T], sequence: usize) -> Vec<T> {
        let (symbols, steps) = (&self.stretched[sequence], self.input_lengths[sequence]);
        let count = symbols.len();
        let mut beta = vec![T::NONE; steps * count];
        for step in (0..steps).rev() {
            let (row, after) = beta[step * count..].split_at_mut(count);
            for (s, &symbol) in symbols.iter().enumerate() {
                let here = log[self.row(step, sequence) + symbol];
                row[s] = if step + 1 < steps {
                    let one = if s + 1 < count { after[s + 1] } else { T::NONE };
                    let skips = s + 2 < count && symbol != symbols[s + 2];
                    let two = if skips { after[s + 2] } else { T::NONE };
                    T::sum([after[s], one, two]).times(here)
                } else if s + 2 >= count {
                    here
                } else {
                    T::NONE
                };
            }
        }
        beta
    }

    /// The logarithm of the likelihood, which the beginnings at the last step say.
    fn likelihood<T: Log>(&self, alpha: &[T], sequence: usize) -> T {
        let symbols = self.stretched[sequence].len();
        match alpha.len().checked_sub(symbols) {
            Some(last) if symbols == 1 => alpha[last],
            Some(last) => T::sum([alpha[last + symbols - 1], alpha[last + symbols - 2], T::NONE]),
            // Without a step there is nothing but the empty target.
            None if symbols == 1 => T::from_f64(0.0),
            None => T::NONE,
        }
    }

    fn losses<T: Log>(&self, log: &[T]) -> Vec<T> {
        let loss = |sequence| {
            let likelihood = self.likelihood(&self.beginnings(log, sequence), sequence);
            match self.zero_infinity && likelihood == T::NONE {
                true => T::from_f64(0.0),
                false => likelihood.inverse(),
            }
        };
        (0..self.batch()).map(loss).collect()
    }

    /// For each logarithm `exp(log)` less how likely its class is at that step, given the target. That is the gradient where the logarithms
    /// come from a softmax, and PyTorch's in any case: the softmax makes the same of it as of the second part alone.
    fn slopes<T: Log>(&self, log: &[T]) -> Vec<T> {
        let mut slopes = vec![T::from_f64(0.0); log.len()];
        for (sequence, symbols) in self.stretched.iter().enumerate() {
            let alpha = self.beginnings(log, sequence);
            let likelihood = self.likelihood(&alpha, sequence);
            if self.zero_infinity && likelihood == T::NONE {
                continue;
            }
            let beta = self.ends(log, sequence);
            for step in 0..self.input_lengths[sequence] {
                let row = self.row(step, sequence)..self.row(step, sequence) + self.classes;
                let (log, slopes) = (&log[row.clone()], &mut slopes[row]);
                slopes.fill(T::NONE);
                for (s, &symbol) in symbols.iter().enumerate().rev() {
                    let both = alpha[step * symbols.len() + s].times(beta[step * symbols.len() + s]);
                    slopes[symbol] = if slopes[symbol] == T::NONE {
                        both
                    } else {
                        T::sum([slopes[symbol], both, T::NONE])
                    };
                }
                for (slope, &log) in slopes.iter_mut().zip(log) {
                    // What is impossible has no part, even if its logarithm is minus infinity itself.
                    let impossible = *slope == T::NONE && likelihood != T::NONE;
                    *slope = log.less(if impossible {
                        T::NONE
                    } else {
                        slope.over(likelihood).over(log)
                    });
                }
            }
        }
        slopes
    }
}

/// The logarithm of a likelihood.
trait Log: Element {
    /// That of 0.
    const NONE: Self;
    /// The logarithm of a sum of likelihoods.
    fn sum(likelihoods: [Self; 3]) -> Self;
    /// That of a product.
    fn times(self, other: Self) -> Self;
    /// That of a quotient.
    fn over(self, other: Self) -> Self;
    /// That of 1 by it.
    fn inverse(self) -> Self;
    /// The difference of two likelihoods, which is no logarithm.
    fn less(self, other: Self) -> Self;
}

macro_rules! log {
    ($($T:ident)+) => {
        $(impl Log for $T {
            const NONE: Self = $T::NEG_INFINITY;

            fn sum([a, b, c]: [Self; 3]) -> Self {
                let largest = a.max(b).max(c);
                let largest = if largest == Self::NONE { 0.0 } else { largest };
                ((a - largest).exp() + (b - largest).exp() + (c - largest).exp()).ln() + largest
            }

            fn times(self, other: Self) -> Self {
                self + other
            }

            fn over(self, other: Self) -> Self {
                self - other
            }

            fn inverse(self) -> Self {
                -self
            }

            fn less(self, other: Self) -> Self {
                self.exp() - other.exp()
            }
        })+
    };
}

log!(f32 f64);

fn out_of_range(what: &'static str, index: i64, classes: usize) -> Error {
    Error::OutOfRange {
        operation: NAME,
        what,
        index,
        size: format!("{classes} classes"),
    }
}

/// Numbers in the element type of `like`.
fn numbers(like: &Value, data: &[f64]) -> Value {
    float!(like, T => {
        let data: Vec<T> = data.iter().map(|&number| T::from_f64(number)).collect();
        Value::from_slice(like.device(), &[data.len()], &data)
    })
}

/// The loss of each sequence; `log` has steps, sequences and classes.
fn ctc(log: &Value, sequences: Sequences) -> Result<Value> {
    let losses = float!(log, T => {
        let losses = sequences.losses(&log.to_vec::<T>()?);
        Value::from_slice(log.device(), &[losses.len()], &losses)
    });
    let sequences = Arc::new(sequences);
    let rule = || {
        Rule::own(move |step| {
            let log = &step.saved[0];
            let slopes = float!(log, T => {
                let slopes = sequences.slopes(&log.to_vec::<T>()?);
                Value::from_slice(log.device(), log.sizes(), &slopes)
            });
            let once = || {
                Rule::own(|_| {
                    Err(Error::Gradient(format!(
                        "`backward`: `{NAME}` has no second derivative"
                    )))
                })
            };
            let slopes = record(NAME, slopes, [log], once, |_| smallvec![]);
            let d = step.gradient.reshape(&[1, sequences.batch(), 1]);
            Ok(smallvec![Some(slopes.mul(&d)?)])
        })
    };
    Ok(record(NAME, losses, [log], rule, |_| smallvec![log.clone()]))
}

/// `-log` of the likelihood of each target: of all ways to stretch it to the length of its input, with blanks between, reduced.
///
/// `log`: `[steps, batch, classes]` or `[steps, classes]`, the logarithms of probabilities, as [`Tensor::log_softmax`] gives them; `targets`: `[batch,
/// longest]`, or all one behind the other, `[sum of the lengths]`. Of each sequence the first steps count, as many as its length says. The
/// gradient is the one through a softmax, as PyTorch's; there is no second.
///
/// # Errors
/// Where sizes or lengths do not fit, a target is no class, or the tensors are not on the processor.
///
/// ```
/// use tensor::functional::{CtcOptions, ctc_loss};
/// use tensor::prelude::*;
/// let log = Tensor::from_vec(vec![0f32; 4], &[2, 1, 2])?.log_softmax();
/// let loss = ctc_loss(&log, &Tensor::from(vec![1i64]), &[2], &[1], CtcOptions::default())?;
/// assert!((loss.to_vec()?[0] + 0.75f32.ln()).abs() < 1e-6);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn ctc_loss<T: Differentiable>(
    log: &Tensor<Dynamic, T>,
    targets: &Tensor<Dynamic, i64>,
    input_lengths: &[usize],
    target_lengths: &[usize],
    options: CtcOptions,
) -> Result<Tensor<Dynamic, T>> {
    let log = wide(log);
    on_processor(NAME, &[&log, targets.value()])?;
    let sizes = match *log.sizes() {
        [steps, classes] => [steps, 1, classes],
        [steps, batch, classes] => [steps, batch, classes],
        _ => {
            return Err(Error::shape(
                NAME,
                "[steps, batch, classes] or [steps, classes]",
                describe(log.sizes()),
            ));
        }
    };
    let sequences = Sequences::new(sizes, targets.value(), input_lengths, target_lengths, options)?;
    let losses = ctc(&log.reshape(&sizes), sequences)?;
    let losses = match options.reduction {
        Reduction::Mean => {
            let lengths: Vec<f64> = target_lengths.iter().map(|&length| length.max(1) as f64).collect();
            losses.div(&numbers(&losses, &lengths))?
        }
        Reduction::None | Reduction::Sum => losses,
    };
    let losses = if log.layout.rank() == 2 {
        losses.reshape(&[])
    } else {
        losses
    };
    Ok(narrow::<T>(&options.reduction.of(&losses)))
}
