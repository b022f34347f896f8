//! The elementwise part of a step of a recurrent layer, all gates in one pass, and its gradient. The products come before and after.

mod gru;
mod lstm;
mod plain;

use super::Real;
use crate::threads::{Shared, parallel_pieces};

pub use tensor_ops::primitive::Cell;

/// A step; every slice has a row for each sequence.
#[derive(Debug)]
pub struct Step<'a, T> {
    /// What the input gives to the gates.
    pub input: &'a [T],
    /// What the state gives to them.
    pub hidden: &'a [T],
    /// The state before; of an LSTM its cell. A plain layer has no use for it.
    pub before: &'a [T],
    /// What the backward needs.
    pub kept: &'a mut [T],
    /// Where the cell of an LSTM goes; others have none.
    pub cell: &'a mut [T],
    /// Where the state goes.
    pub out: &'a mut [T],
}

/// The gradient of a step; every slice has a row for each sequence.
#[derive(Debug)]
pub struct BackwardStep<'a, T> {
    /// What the step kept.
    pub kept: &'a [T],
    /// The state before; of an LSTM its cell.
    pub before: &'a [T],
    /// The state after; of an LSTM its cell.
    pub after: &'a [T],
    /// The gradient of the state.
    pub d_out: &'a [T],
    /// More of it, which is added.
    pub d_next: Option<&'a [T]>,
    /// The gradient of the cell of an LSTM.
    pub d_cell: &'a [T],
    /// More of it, which is added.
    pub d_next_cell: Option<&'a [T]>,
    /// Where the gradient of the gates goes; of a GRU that on the side of the input.
    pub d_input: &'a mut [T],
    /// Where that on the side of the state goes for a GRU; others have none.
    pub d_hidden: &'a mut [T],
    /// Where the gradient of the state before goes that does not pass through the gates: of an LSTM that of its cell. A plain layer has none.
    pub d_before: &'a mut [T],
}

/// Elements a task.
const PIECE: usize = 1 << 13;

fn rows_per_task(features: usize) -> usize {
    (PIECE / features.max(1)).max(1)
}

/// `count` rows of `width` from row `first` on.
fn part<T>(x: &[T], width: usize, first: usize, count: usize) -> &[T] {
    &x[first * width..(first + count) * width]
}

/// A step of `rows` sequences.
///
/// # Panics
/// If a slice has another length than its rows.
pub fn step<T: Real>(kind: Cell, rows: usize, features: usize, step: Step<'_, T>) {
    let (gates, kept) = (kind.gates() * features, kind.kept() * features);
    let cells = if kind == Cell::Lstm { features } else { 0 };
    assert_eq!((step.input.len(), step.hidden.len()), (rows * gates, rows * gates));
    assert_eq!((step.kept.len(), step.cell.len()), (rows * kept, rows * cells));
    assert_eq!((step.before.len(), step.out.len()), (rows * features, rows * features));
    let Step {
        input, hidden, before, ..
    } = step;
    let (into, cell, out) = (Shared::new(step.kept), Shared::new(step.cell), Shared::new(step.out));
    parallel_pieces(rows, rows_per_task(gates), |first, count| {
        // SAFETY: rows are disjoint.
        let (into, cell, out) = unsafe {
            (
                into.part(first * kept, count * kept),
                cell.part(first * cells, count * cells),
                out.part(first * features, count * features),
            )
        };
        let (input, hidden) = (part(input, gates, first, count), part(hidden, gates, first, count));
        let before = part(before, features, first, count);
        match kind {
            Cell::Tanh => plain::tanh(input, hidden, out),
            Cell::Relu => plain::relu(input, hidden, out),
            Cell::Lstm => lstm::forward(features, input, hidden, before, into, cell, out),
            Cell::Gru => gru::forward(features, input, hidden, before, into, out),
        }
    });
}

/// The gradient of a step of `rows` sequences.
///
/// # Panics
/// If a slice has another length than its rows.
pub fn step_backward<T: Real>(kind: Cell, rows: usize, features: usize, step: BackwardStep<'_, T>) {
    let (gates, kept) = (kind.gates() * features, kind.kept() * features);
    let whole = rows * features;
    let (lstm, gru) = (kind == Cell::Lstm, kind == Cell::Gru);
    let wide = |has: bool, width: usize| if has { width } else { 0 };
    assert_eq!((step.kept.len(), step.d_input.len()), (rows * kept, rows * gates));
    assert_eq!(
        (step.before.len(), step.after.len(), step.d_out.len()),
        (whole, whole, whole)
    );
    assert!(step.d_next.is_none_or(|d| d.len() == whole) && step.d_next_cell.is_none_or(|d| d.len() == whole));
    assert_eq!(step.d_cell.len(), wide(lstm, whole));
    assert_eq!(
        (step.d_hidden.len(), step.d_before.len()),
        (wide(gru, rows * gates), wide(lstm || gru, whole))
    );
    let (d_input, d_hidden) = (Shared::new(step.d_input), Shared::new(step.d_hidden));
    let d_before = Shared::new(step.d_before);
    parallel_pieces(rows, rows_per_task(gates), |first, count| {
        let of_hidden = wide(gru, gates);
        let of_before = wide(lstm || gru, features);
        // SAFETY: rows are disjoint.
        let (d_input, d_hidden, d_before) = unsafe {
            (
                d_input.part(first * gates, count * gates),
                d_hidden.part(first * of_hidden, count * of_hidden),
                d_before.part(first * of_before, count * of_before),
            )
        };
        let row = |x| part(x, features, first, count);
        let (before, after, d_out) = (row(step.before), row(step.after), row(step.d_out));
        let (d_next, kept) = (step.d_next.map(row), part(step.kept, kept, first, count));
        match kind {
            Cell::Tanh => plain::tanh_backward(after, d_out, d_next, d_input),
            Cell::Relu => plain::relu_backward(after, d_out, d_next, d_input),
            Cell::Lstm => {
                let d_cell = (row(step.d_cell), step.d_next_cell.map(row));
                lstm::backward(
                    features,
                    kept,
                    before,
                    after,
                    (d_out, d_next),
                    d_cell,
                    d_input,
                    d_before,
                );
            }
            Cell::Gru => gru::backward(features, kept, before, (d_out, d_next), d_input, d_hidden, d_before),
        }
    });
}

#[cfg(test)]
mod tests;
