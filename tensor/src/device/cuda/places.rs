//! Launchers of kernels that follow indices.

use super::Cuda;
use super::steps::scatter;
use crate::device::{Operation, Places, View};
use crate::error::Result;
use crate::kernels::indexed::Scatter;

// An index outside its axis is found when something is read.
impl Places for Cuda {
    fn gather(&self, axis: usize, x: View<'_>, index: View<'_>, out: View<'_>) -> Result<()> {
        debug_assert!(out.layout.is_contiguous());
        let size = x.layout.sizes()[axis];
        // SAFETY: operands lie inside their buffers, which `access.rs` checks; an output is written by this operation alone.
        self.run_view(Operation::Gather, out, || unsafe {
            let (x, index, into) = (self.typed(x), self.strided::<i64>(index), self.typed(out).address);
            self.gpu.gather(axis, size, out.layout.sizes(), x, index, into)
        });
        Ok(())
    }

    fn scatter(&self, how: Scatter, axis: usize, index: View<'_>, source: View<'_>, out: View<'_>) -> Result<()> {
        debug_assert!(out.layout.is_contiguous());
        let (sizes, out_sizes) = (index.layout.sizes(), out.layout.sizes());
        // SAFETY: as above.
        self.run_view(Operation::Scatter(how), out, || unsafe {
            let (index, source, into) = (self.strided::<i64>(index), self.typed(source), self.typed(out).address);
            self.gpu
                .scatter(scatter(how), axis, sizes, index, source, out_sizes, into)
        });
        Ok(())
    }

    fn accumulate(&self, x: View<'_>, out: View<'_>) {
        // SAFETY: as above.
        self.run_view(Operation::Accumulate, out, || unsafe {
            self.gpu.accumulate(x.layout.sizes(), self.typed(x), self.typed(out))
        });
    }
}
