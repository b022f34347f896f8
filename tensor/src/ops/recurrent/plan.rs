//! Sizes of a recurrent layer, and where things lie.

use crate::device::Matrix;
use crate::kernels::cells::Cell;
use crate::tape::Value;

/// Sizes, and where things lie: states of all steps, then cells of all steps.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) kind: Cell,
    pub(super) reverse: bool,
    pub(super) steps: usize,
    pub(super) rows: usize,
    pub(super) features: usize,
    pub(super) outputs: usize,
    pub(super) projected: bool,
    pub(super) biased: bool,
}

// What a backward keeps, by its place; the first six are the inputs.
pub(super) const INPUT: usize = 0;
pub(super) const STATE: usize = 1;
pub(super) const CELL: usize = 2;
pub(super) const WEIGHT: usize = 3;
pub(super) const BIAS: usize = 4;
pub(super) const PROJECTION: usize = 5;
pub(super) const STATES: usize = 6;
pub(super) const KEPT: usize = 7;
pub(super) const RAW: usize = 8;

impl Plan {
    pub(super) fn gates(self) -> usize {
        self.kind.gates() * self.features
    }

    pub(super) fn has_cell(self) -> bool {
        self.kind == Cell::Lstm
    }

    /// Where the cells begin.
    pub(super) fn cells(self) -> usize {
        self.steps * self.rows * self.outputs
    }

    /// All states and cells.
    pub(super) fn len(self) -> usize {
        let cells = if self.has_cell() { self.features } else { 0 };
        self.steps * self.rows * (self.outputs + cells)
    }

    /// The step before a step.
    pub(super) fn before(self, step: usize) -> Option<usize> {
        if self.reverse {
            Some(step + 1).filter(|&step| step < self.steps)
        } else {
            step.checked_sub(1)
        }
    }

    /// The steps in order.
    pub(super) fn order(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.steps).map(move |step| if self.reverse { self.steps - 1 - step } else { step })
    }

    /// The step that comes last.
    pub(super) fn last(self) -> usize {
        if self.reverse { 0 } else { self.steps - 1 }
    }

    /// The rows of a step.
    pub(super) fn at(self, x: &Value, step: usize, width: usize) -> Matrix<'_> {
        Matrix::new(&x.buffer, x.offset + step * self.rows * width, self.rows, width)
    }

    /// The state after a step, or before the first.
    pub(super) fn state<'a>(self, start: &'a Value, states: &'a Value, step: Option<usize>) -> Matrix<'a> {
        match step {
            Some(step) => self.at(states, step, self.outputs),
            None => start.matrix(),
        }
    }

    /// The cell after a step, or before the first.
    pub(super) fn cell<'a>(self, start: &'a Value, states: &'a Value, step: Option<usize>) -> Matrix<'a> {
        match step {
            Some(step) => Matrix::new(
                &states.buffer,
                states.offset + self.cells() + step * self.rows * self.features,
                self.rows,
                self.features,
            ),
            None => start.matrix(),
        }
    }

    /// The states of all steps, seen in what holds the cells too.
    pub(super) fn states_of(self, all: &Value) -> Value {
        let sizes = [self.steps, self.rows, self.outputs];
        if !self.has_cell() {
            return all.reshape(&sizes);
        }
        all.slice(0, 0, self.cells(), 1).reshape(&sizes)
    }

    /// The cells of all steps.
    pub(super) fn cells_of(self, all: &Value) -> Value {
        let sizes = [self.steps, self.rows, self.features];
        all.slice(0, self.cells(), sizes.iter().product(), 1).reshape(&sizes)
    }
}
