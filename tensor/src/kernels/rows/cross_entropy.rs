//! The cross-entropy of logits with labels.

use super::{PARTS, largest, rows_per_task, sum_by};
use crate::kernels::Real;
use crate::kernels::simd::{Lanes, Tier, tiered};
use crate::threads::{Shared, parallel};

/// A label that names no class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadLabel {
    /// The row in which it stands.
    pub row: usize,
    /// The label.
    pub label: i64,
}

/// `loss = mean over rows of log(sum over c of exp(logits[r, c])) - logits[r, labels[r]]`; of no rows NaN.
///
/// With `d_logits = (d, scale)` also `d = (softmax(logits) - one_hot(labels)) / rows * scale`.
///
/// # Errors
/// If a label is not below `classes`; nothing is written then.
///
/// # Panics
/// If lengths do not fit `rows` and `classes`.
pub fn cross_entropy<T: Real>(
    rows: usize,
    classes: usize,
    logits: &[T],
    labels: &[i64],
    loss: &mut T,
    d_logits: Option<(&mut [T], T)>,
) -> Result<(), BadLabel> {
    assert_eq!((logits.len(), labels.len()), (rows * classes, rows));
    assert!(d_logits.as_ref().is_none_or(|(d, _)| d.len() == rows * classes));
    check(classes, labels)?;
    let factor = d_logits
        .as_ref()
        .map_or(T::ZERO, |(_, scale)| *scale / T::from_usize(rows));
    let d_logits = d_logits.map(|(d, _)| Shared::new(d));

    let mut losses = [0f64; PARTS];
    // As many rows a part as make a task worth it, and no more parts than have a place: by size alone.
    let per_part = rows_per_task(classes).max(rows.div_ceil(PARTS));
    let parts = rows.div_ceil(per_part);
    let shared = Shared::new(&mut losses);
    parallel(parts, &|part| {
        let first = part * per_part;
        let count = per_part.min(rows - first);
        let range = first * classes..(first + count) * classes;
        // SAFETY: parts are disjoint.
        let d = d_logits.as_ref().map(|d| unsafe { d.part(range.start, range.len()) });
        let labels = &labels[first..first + count];
        let sum = match d {
            Some(d) => loss_and_grad_rows(classes, &logits[range], labels, factor, d),
            None => loss_rows(classes, &logits[range], labels),
        };
        // SAFETY: one element a part.
        unsafe { shared.part(part, 1)[0] = sum };
    });
    *loss = T::from_f64(losses[..parts].iter().sum::<f64>() / rows as f64);
    Ok(())
}

fn check(classes: usize, labels: &[i64]) -> Result<(), BadLabel> {
    let classes = i64::try_from(classes).unwrap_or(i64::MAX);
    match labels.iter().position(|&label| label < 0 || label >= classes) {
        None => Ok(()),
        Some(row) => Err(BadLabel {
            row,
            label: labels[row],
        }),
    }
}

/// So few classes that a row fits in a register: the ten digits.
const NARROW: usize = 16;

/// What is done with the gradient of a row.
enum Grad<'a, T> {
    /// It is not wanted.
    None,
    /// `(softmax - one_hot) * factor` is written.
    Put(T, &'a mut [T]),
}

fn loss_rows<T: Real>(classes: usize, logits: &[T], labels: &[i64]) -> f64 {
    if classes <= NARROW {
        narrow_rows(classes, logits, labels, Grad::None)
    } else {
        wide_rows(classes, logits, labels, Grad::None)
    }
}

fn loss_and_grad_rows<T: Real>(classes: usize, logits: &[T], labels: &[i64], factor: T, d: &mut [T]) -> f64 {
    if classes <= NARROW {
        narrow_rows(classes, logits, labels, Grad::Put(factor, d))
    } else {
        wide_rows(classes, logits, labels, Grad::Put(factor, d))
    }
}

tiered! {
    fn wide_rows<S, T>(classes: usize, logits: &[T], labels: &[i64], grad: Grad<'_, T>) -> f64 {
        let mut loss = 0.0;
        let rows = logits.chunks_exact(classes).zip(labels);
        match grad {
            Grad::None => {
                for (logits, &label) in rows {
                    let most = largest(logits);
                    let sum = sum_by(logits, |x| (x - most).exp::<S>());
                    loss += (sum.ln::<S>() - (logits[label as usize] - most)).to_f64();
                }
            }
            Grad::Put(factor, d) => {
                for ((logits, &label), d) in rows.zip(d.chunks_exact_mut(classes)) {
                    let most = largest(logits);
                    for (d, &x) in d.iter_mut().zip(logits) {
                        *d = (x - most).exp::<S>();
                    }
                    let sum = sum_by(d, |x| x);
                    loss += (sum.ln::<S>() - (logits[label as usize] - most)).to_f64();
                    let scale = factor / sum;
                    d.iter_mut().for_each(|d| *d *= scale);
                    d[label as usize] = d[label as usize] - factor;
                }
            }
        }
        loss
    }
}

tiered! {
    fn narrow_rows<S, T>(classes: usize, logits: &[T], labels: &[i64], grad: Grad<'_, T>) -> f64 {
        let (factor, mut d) = match grad {
            Grad::None => (T::ZERO, None),
            Grad::Put(factor, d) => (factor, Some(d)),
        };
        let mut loss = 0.0;
        for (group, labels) in labels.chunks(NARROW).enumerate() {
            let mut sums = [T::ONE; NARROW];
            let mut rests = [T::ZERO; NARROW];
            for (i, &label) in labels.iter().enumerate() {
                let at = (group * NARROW + i) * classes;
                let logits = &logits[at..at + classes];
                let x = padded::<S, T>(logits);
                let most = join_row(x, T::larger);
                let mut powers = x;
                powers.iter_mut().for_each(|x| *x = (*x - most).exp::<S>());
                sums[i] = join_row(powers, |a, b| a + b);
                rests[i] = most - logits[label as usize];
                if let Some(d) = &mut d {
                    let d = &mut d[at..at + classes];
                    let scale = factor / sums[i];
                    powers.iter_mut().for_each(|power| *power *= scale);
                    put_first::<S, T>(powers, d);
                    d[label as usize] = d[label as usize] - factor;
                }
            }
            // The logarithms of all rows of the group at once.
            let mut losses = sums;
            for (loss, &rest) in losses.iter_mut().zip(&rests) {
                *loss = loss.ln::<S>() + rest;
            }
            loss += losses[..labels.len()].iter().map(|loss| loss.to_f64()).sum::<f64>();
        }
        loss
    }
}

/// The row, and minus infinity behind it, which takes no part in a softmax.
#[inline(always)]
fn padded<S: Tier, T: Real>(row: &[T]) -> [T; NARROW] {
    let lanes = T::Vector::<S>::COUNT;
    let mut padded = [T::ZERO; NARROW];
    for first in (0..NARROW).step_by(lanes) {
        let count = row.len().saturating_sub(first).min(lanes);
        // SAFETY: `count` elements from `first` on are in the row, or none; the register fits in the array; the tier's
        // instructions are enabled in the kernels that call this.
        unsafe {
            let from = row.as_ptr().wrapping_add(first);
            T::Vector::<S>::load_first(from, count).store(padded.as_mut_ptr().add(first));
        }
    }
    std::array::from_fn(|i| if i < row.len() { padded[i] } else { T::NEG_INFINITY })
}

/// Writes the first elements of a padded row.
#[inline(always)]
fn put_first<S: Tier, T: Real>(padded: [T; NARROW], out: &mut [T]) {
    let lanes = T::Vector::<S>::COUNT;
    for first in (0..NARROW).step_by(lanes) {
        let count = out.len().saturating_sub(first).min(lanes);
        // SAFETY: as in `padded`.
        unsafe {
            let to = out.as_mut_ptr().wrapping_add(first);
            T::Vector::<S>::load(padded.as_ptr().add(first)).store_first(to, count);
        }
    }
}

#[inline(always)]
fn join_row<T: Real>(mut row: [T; NARROW], f: impl Fn(T, T) -> T) -> T {
    let mut width = NARROW / 2;
    while width > 0 {
        for i in 0..width {
            row[i] = f(row[i], row[i + width]);
        }
        width /= 2;
    }
    row[0]
}
