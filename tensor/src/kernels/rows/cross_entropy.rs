//! The cross-entropy of logits with labels.

use super::{PARTS, largest, rows_per_task, sum_by};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel, parallel_pieces};

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
    assert!(
        d_logits
            .as_ref()
            .is_none_or(|(d, _)| d.len() == rows * classes)
    );
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
        let d = d_logits
            .as_ref()
            .map(|d| unsafe { d.part(range.start, range.len()) });
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

/// `d_logits (+)= (softmax(logits) - one_hot(labels)) / rows * d_loss`.
///
/// # Panics
/// If lengths do not fit `rows` and `classes`, or a label is not below `classes` ([`cross_entropy`] has checked them).
pub fn cross_entropy_backward<T: Real>(
    rows: usize,
    classes: usize,
    logits: &[T],
    labels: &[i64],
    d_loss: T,
    d_logits: &mut [T],
    accumulate: bool,
) {
    assert_eq!(
        (logits.len(), labels.len(), d_logits.len()),
        (rows * classes, rows, rows * classes)
    );
    assert_eq!(check(classes, labels), Ok(()));
    let factor = d_loss / T::from_usize(rows);
    let shared = Shared::new(d_logits);
    parallel_pieces(rows, rows_per_task(classes), |first, count| {
        let range = first * classes..(first + count) * classes;
        // SAFETY: pieces are disjoint.
        let d = unsafe { shared.part(range.start, range.len()) };
        let labels = &labels[first..first + count];
        if !accumulate {
            loss_and_grad_rows(classes, &logits[range], labels, factor, d);
            return;
        }
        // By pieces of rows through a small place: several gradients of one tensor are rare.
        for ((logits, labels), d) in logits[range]
            .chunks_exact(classes)
            .zip(labels.chunks_exact(1))
            .zip(d.chunks_exact_mut(classes))
        {
            add_grad_row(logits, labels[0] as usize, factor, d);
        }
    });
}

fn check(classes: usize, labels: &[i64]) -> Result<(), BadLabel> {
    let classes = i64::try_from(classes).unwrap_or(i64::MAX);
    match labels
        .iter()
        .position(|&label| label < 0 || label >= classes)
    {
        None => Ok(()),
        Some(row) => Err(BadLabel {
            row,
            label: labels[row],
        }),
    }
}

tiered! {
    fn loss_rows<S, T>(classes: usize, logits: &[T], labels: &[i64]) -> f64 {
        let mut loss = 0.0;
        for (logits, &label) in logits.chunks_exact(classes).zip(labels) {
            let most = largest(logits);
            let sum = sum_by(logits, |x| (x - most).exp::<S>());
            loss += (sum.ln::<S>() - (logits[label as usize] - most)).to_f64();
        }
        loss
    }
}

tiered! {
    fn loss_and_grad_rows<S, T>(classes: usize, logits: &[T], labels: &[i64], factor: T, d: &mut [T]) -> f64 {
        let mut loss = 0.0;
        let rows = logits.chunks_exact(classes).zip(labels);
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
        loss
    }
}

tiered! {
    fn add_grad_row<S, T>(logits: &[T], label: usize, factor: T, d: &mut [T]) {
        let most = largest(logits);
        let scale = factor / sum_by(logits, |x| (x - most).exp::<S>());
        for (d, &x) in d.iter_mut().zip(logits) {
            *d += (x - most).exp::<S>() * scale;
        }
        d[label] = d[label] - factor;
    }
}
