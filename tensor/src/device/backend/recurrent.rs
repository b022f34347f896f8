//! Steps of recurrent layers.

use crate::device::Matrix;
use crate::kernels::cells::Cell;

/// A step of a recurrent layer after its products; all matrices have a row for each sequence.
#[derive(Clone, Copy, Debug)]
pub struct CellStep<'a> {
    /// What the step does.
    pub kind: Cell,
    /// What the input gives to the gates, `[rows, gates * features]`.
    pub input: Matrix<'a>,
    /// What the state gives to them, likewise.
    pub hidden: Matrix<'a>,
    /// The state before, of an LSTM its cell, `[rows, features]`.
    pub before: Matrix<'a>,
    /// What the backward needs, `[rows, kept * features]`.
    pub kept: Matrix<'a>,
    /// Where the cell of an LSTM goes.
    pub cell: Option<Matrix<'a>>,
    /// Where the state goes.
    pub out: Matrix<'a>,
}

/// The gradient of a step of a recurrent layer.
#[derive(Clone, Copy, Debug)]
pub struct CellBackward<'a> {
    /// What the step does.
    pub kind: Cell,
    /// What the step kept.
    pub kept: Matrix<'a>,
    /// The state before, of an LSTM its cell.
    pub before: Matrix<'a>,
    /// The state after, of an LSTM its cell.
    pub after: Matrix<'a>,
    /// The gradient of the state.
    pub d_out: Matrix<'a>,
    /// More of it, from the step after.
    pub d_next: Option<Matrix<'a>>,
    /// The gradient of the cell of an LSTM.
    pub d_cell: Option<Matrix<'a>>,
    /// More of it, from the step after.
    pub d_next_cell: Option<Matrix<'a>>,
    /// Where the gradient of the gates goes.
    pub d_input: Matrix<'a>,
    /// Where that on the side of the state goes, if it is another: for a GRU.
    pub d_hidden: Option<Matrix<'a>>,
    /// Where the gradient of the state before goes that does not pass through the gates: of an LSTM that of its cell.
    pub d_before: Option<Matrix<'a>>,
}

/// What a recurrent layer does in a step beside its products, all gates in one pass.
pub trait Recurrent {
    /// The gates and the state.
    fn cell(&self, step: CellStep<'_>);
    /// Their gradient.
    fn cell_backward(&self, step: CellBackward<'_>);
}
