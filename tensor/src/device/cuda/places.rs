//! Launchers of kernels that follow indices.

use super::Cuda;
use crate::device::{Operation, Places, View};
use crate::error::Result;
use crate::kernels::indexed::Scatter;

impl Places for Cuda {
    fn gather(&self, _: usize, _: View<'_>, _: View<'_>, out: View<'_>) -> Result<()> {
        Err(self.unsupported(Operation::Gather, out.buffer.dtype()))
    }

    fn scatter(&self, how: Scatter, _: usize, _: View<'_>, _: View<'_>, out: View<'_>) -> Result<()> {
        Err(self.unsupported(Operation::Scatter(how), out.buffer.dtype()))
    }

    fn accumulate(&self, _: View<'_>, out: View<'_>) {
        out.buffer
            .fail(self.unsupported(Operation::Accumulate, out.buffer.dtype()));
    }
}
