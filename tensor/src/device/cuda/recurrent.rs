//! There are no kernels of recurrent layers yet.

use super::Cuda;
use crate::device::{CellBackward, CellStep, Operation, Recurrent};

impl Recurrent for Cuda {
    fn cell(&self, step: CellStep<'_>) {
        let error = self.unsupported(Operation::Cell(step.kind), step.out.buffer.dtype());
        step.out.buffer.fail(error);
    }

    fn cell_backward(&self, step: CellBackward<'_>) {
        let error = self.unsupported(Operation::Cell(step.kind), step.d_out.buffer.dtype());
        step.d_input.buffer.fail(error);
    }
}
