//! All steps of a recurrent layer over sequences that lie one after the other: `[batch, seq, ..]`.
//!
//! What belongs to a step is gathered into rows side by side: a product of the state before with the weight, and one pass over all gates
//! ([`cells`]). The space for that is the thread's own, and stays.

use std::cell::Cell as Slot;

use super::Real;
use super::cells::{self, BackwardStep, Cell, Step};
use super::gemm::{Strided, gemm, linear};

/// Which steps there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// What a step does.
    pub cell: Cell,
    /// From the last step to the first.
    pub reverse: bool,
    /// How many sequences.
    pub batch: usize,
    /// How many steps.
    pub seq: usize,
    /// The features of a state.
    pub hidden: usize,
    /// Whether the cells of an LSTM come out too, behind the state of each step.
    pub cells: bool,
}

/// What a layer begins with: a state of each sequence and, of an LSTM, a cell; zeros where there are none.
pub type Start<'a, T> = [Option<&'a [T]>; 2];

/// Which numbers of each row.
#[derive(Clone, Copy)]
struct Columns {
    first: usize,
    width: usize,
    /// The numbers of a whole row.
    row: usize,
}

impl Course {
    fn gates(&self) -> usize {
        self.cell.gates() * self.hidden
    }

    /// All of the numbers of the gates.
    fn wide(&self) -> Columns {
        let width = self.gates();
        Columns {
            first: 0,
            width,
            row: width,
        }
    }

    /// The states in what comes out.
    fn states(&self) -> Columns {
        let row = self.hidden * (1 + usize::from(self.cells));
        Columns {
            first: 0,
            width: self.hidden,
            row,
        }
    }

    /// The cells in it, if they are there.
    fn cells(&self) -> Option<Columns> {
        let first = self.hidden;
        self.cells.then(|| Columns { first, ..self.states() })
    }

    /// The numbers that a step keeps for backward, of all sequences: what the cell keeps, then the cells of an LSTM.
    fn kept(&self) -> [usize; 2] {
        [self.cell.kept(), self.cell.cells()].map(|numbers| numbers * self.batch * self.hidden)
    }

    /// The numbers that all steps keep.
    pub fn all_kept(&self) -> usize {
        self.seq * self.kept().iter().sum::<usize>()
    }

    fn steps(&self) -> impl DoubleEndedIterator<Item = usize> {
        let (reverse, seq) = (self.reverse, self.seq);
        (0..seq).map(move |step| if reverse { seq - 1 - step } else { step })
    }

    /// The step before a step.
    fn before(&self, step: usize) -> Option<usize> {
        match self.reverse {
            true => Some(step + 1).filter(|step| *step < self.seq),
            false => step.checked_sub(1),
        }
    }

    /// The rows of a step, side by side.
    fn gather<T: Real>(&self, columns: Columns, all: &[T], step: usize, rows: &mut [T]) {
        let Columns { first, width, row } = columns;
        for sequence in 0..self.batch {
            let from = (sequence * self.seq + step) * row + first;
            rows[sequence * width..][..width].copy_from_slice(&all[from..from + width]);
        }
    }

    /// Back to where they belong.
    fn scatter<T: Real>(&self, columns: Columns, rows: &[T], step: usize, all: &mut [T]) {
        let Columns { first, width, row } = columns;
        for sequence in 0..self.batch {
            let to = (sequence * self.seq + step) * row + first;
            all[to..to + width].copy_from_slice(&rows[sequence * width..][..width]);
        }
    }

    fn check<T>(&self, gates: Option<&[T]>, start: Start<'_, T>, weight: &[T], out: &[T]) {
        let (rows, state) = (self.batch * self.seq, self.batch * self.hidden);
        assert!(gates.is_none_or(|gates| gates.len() == rows * self.gates()));
        assert!(start.into_iter().flatten().all(|start| start.len() == state));
        assert!(!self.cells || self.cell == Cell::Lstm);
        assert_eq!(
            (weight.len(), out.len()),
            (self.gates() * self.hidden, rows * self.states().row)
        );
    }
}

/// The states after each step: `gates` is what the input gives, `weight` `[gates hidden, hidden]`.
///
/// # Panics
/// If lengths do not fit the sizes.
pub fn forward<T: Real>(
    course: &Course,
    gates: &[T],
    start: Start<'_, T>,
    weight: &[T],
    bias: Option<&[T]>,
    mut kept: Option<&mut [T]>,
    out: &mut [T],
) {
    course.check(Some(gates), start, weight, out);
    assert!(kept.as_ref().is_none_or(|kept| kept.len() == course.all_kept()));
    let (rows, hidden, wide) = (course.batch, course.hidden, course.gates());
    let state = rows * hidden;
    let [of_gates, of_cells] = course.kept();
    let sizes = [rows * wide, rows * wide, state, state, of_gates, of_cells, of_cells];
    with_space(
        sizes,
        |[input, product, mut h, mut next, scratch, mut c, mut next_c]| {
            begin(h, start[0]);
            begin(c, start[1]);
            for at in course.steps() {
                course.gather(course.wide(), gates, at, input);
                let (x, w) = (rows_of(h, hidden), rows_of(weight, hidden));
                linear(rows, hidden, wide, x, w, bias, &[], None, None, product);
                let gates_kept = match &mut kept {
                    Some(kept) => &mut kept[at * (of_gates + of_cells)..][..of_gates],
                    None => &mut *scratch,
                };
                cells::step(
                    course.cell,
                    rows,
                    hidden,
                    Step {
                        input,
                        hidden: product,
                        before: if course.cell == Cell::Lstm { c } else { h },
                        kept: gates_kept,
                        cell: next_c,
                        out: next,
                    },
                );
                if let Some(kept) = &mut kept {
                    kept[at * (of_gates + of_cells) + of_gates..][..of_cells].copy_from_slice(next_c);
                }
                course.scatter(course.states(), next, at, out);
                if let Some(cells) = course.cells() {
                    course.scatter(cells, next_c, at, out);
                }
                std::mem::swap(&mut h, &mut next);
                std::mem::swap(&mut c, &mut next_c);
            }
        },
    );
}

/// What a layer begins with.
fn begin<T: Real>(rows: &mut [T], start: Option<&[T]>) {
    match start {
        Some(start) => rows.copy_from_slice(start),
        None => rows.fill(T::ZERO),
    }
}

/// Where gradients go, and whether they are added to what is there.
pub struct Gradients<'a, T> {
    /// Of what the input gives to the gates.
    pub gates: Option<&'a mut [T]>,
    /// Of what it begins with.
    pub start: [Option<&'a mut [T]>; 2],
    /// Of the weight.
    pub weight: Option<(&'a mut [T], bool)>,
    /// Of the bias.
    pub bias: Option<(&'a mut [T], bool)>,
}

/// The gradients, from the states `out` and what forward kept.
///
/// # Panics
/// If lengths do not fit the sizes.
pub fn gradients<T: Real>(
    course: &Course,
    start: Start<'_, T>,
    weight: &[T],
    [out, d_out]: [&[T]; 2],
    kept: &[T],
    mut d: Gradients<'_, T>,
) {
    course.check(d.gates.as_deref(), start, weight, out);
    assert_eq!((kept.len(), d_out.len()), (course.all_kept(), out.len()));
    let (rows, hidden, wide) = (course.batch, course.hidden, course.gates());
    let (state, all) = (rows * hidden, rows * wide);
    let [of_gates, of_cells] = course.kept();
    for (gradient, adds) in [&mut d.weight, &mut d.bias].into_iter().flatten() {
        if !*adds {
            gradient.fill(T::ZERO);
        }
    }
    let of_gru = if course.cell == Cell::Gru { all } else { 0 };
    let of_before = of_cells.max(if course.cell == Cell::Gru { state } else { 0 });
    let sizes = [
        all, of_gru, state, state, state, state, state, of_before, of_before, of_cells, of_cells,
    ];
    with_space(
        sizes,
        |[
            d_input,
            d_hidden,
            d_now,
            before,
            after,
            mut d_next,
            mut d_state,
            mut d_next_c,
            mut d_c,
            first_c,
            d_cells,
        ]| {
            begin(first_c, start[1]);
            d_cells.fill(T::ZERO);
            // The gradients of what it begins with, where there is no step.
            d_next.fill(T::ZERO);
            d_next_c.fill(T::ZERO);
            for (count, at) in course.steps().rev().enumerate() {
                let previous = course.before(at);
                let states = course.states();
                course.gather(states, d_out, at, d_now);
                course.gather(states, out, at, after);
                if let Some(cells) = course.cells() {
                    course.gather(cells, d_out, at, d_cells);
                }
                match previous {
                    Some(previous) => course.gather(states, out, previous, before),
                    None => begin(before, start[0]),
                }
                let kept_at = |step: usize| &kept[step * (of_gates + of_cells)..][..of_gates + of_cells];
                let is_lstm = course.cell == Cell::Lstm;
                cells::step_backward(
                    course.cell,
                    rows,
                    hidden,
                    BackwardStep {
                        kept: &kept_at(at)[..of_gates],
                        before: match previous {
                            Some(previous) if is_lstm => &kept_at(previous)[of_gates..],
                            None if is_lstm => first_c,
                            _ => before,
                        },
                        after: if is_lstm { &kept_at(at)[of_gates..] } else { after },
                        d_out: d_now,
                        d_next: (count > 0).then_some(&*d_next),
                        d_cell: d_cells,
                        d_next_cell: (count > 0 && is_lstm).then_some(&*d_next_c),
                        d_input,
                        d_hidden,
                        d_before: d_c,
                    },
                );
                // Only in a GRU is that of what the state gives another.
                let d_product: &[T] = if of_gru > 0 { d_hidden } else { d_input };
                if of_gru > 0 {
                    d_state.copy_from_slice(d_c);
                }
                let (x, w) = (rows_of(d_product, wide), rows_of(weight, hidden));
                gemm(rows, wide, hidden, x, w, d_state, hidden, of_gru > 0, None);
                // From zeros the weight has given nothing.
                let has_before = previous.is_some() || start[0].is_some();
                if let Some((d_weight, _)) = d.weight.as_mut().filter(|_| has_before) {
                    let h = rows_of(&*before, hidden);
                    gemm(wide, rows, hidden, x.transposed(), h, d_weight, hidden, true, None);
                }
                if let Some((d_bias, _)) = &mut d.bias {
                    for row in d_product.chunks_exact(wide.max(1)) {
                        d_bias.iter_mut().zip(row).for_each(|(sum, &d)| *sum += d);
                    }
                }
                if let Some(d_gates) = &mut d.gates {
                    course.scatter(course.wide(), d_input, at, d_gates);
                }
                std::mem::swap(&mut d_next, &mut d_state);
                std::mem::swap(&mut d_next_c, &mut d_c);
            }
            let [d_state, d_cell] = d.start;
            d_state.into_iter().for_each(|d_start| d_start.copy_from_slice(d_next));
            d_cell.into_iter().for_each(|d_start| d_start.copy_from_slice(d_next_c));
        },
    );
}

fn rows_of<T>(data: &[T], width: usize) -> Strided<'_, T> {
    Strided {
        data,
        row: width,
        col: 1,
    }
}

thread_local! {
    /// What the steps of the last course lay in.
    static SPACE: Slot<Vec<u64>> = const { Slot::new(Vec::new()) };
}

/// Calls `body` with slices of these lengths, in which anything may be.
fn with_space<T: Real, const N: usize>(lengths: [usize; N], body: impl FnOnce([&mut [T]; N])) {
    let words = (lengths.iter().sum::<usize>() * size_of::<T>()).div_ceil(size_of::<u64>());
    let mut space = SPACE.take();
    if space.len() < words {
        space.resize(words, 0);
    }
    let count = space.len() * size_of::<u64>() / size_of::<T>();
    // SAFETY: a `Real` is an `f32` or an `f64`, which any bits are, and which is aligned wherever a `u64` is.
    let mut rest: &mut [T] = unsafe { std::slice::from_raw_parts_mut(space.as_mut_ptr().cast(), count) };
    body(lengths.map(|length| {
        let (first, others) = std::mem::take(&mut rest).split_at_mut(length);
        rest = others;
        first
    }));
    SPACE.set(space);
}

#[cfg(test)]
mod tests;
