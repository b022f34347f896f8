//! Operations over blocks: there are no kernels for them yet, and the outputs say so.

use super::Cuda;
use crate::device::{Operation, PrimitiveBackward, PrimitiveForward, Primitives};

impl Primitives for Cuda {
    fn primitive(&self, step: PrimitiveForward<'_>) {
        let error = self.unsupported(Operation::Primitive(*step.primitive), step.out.buffer.dtype());
        step.out.buffer.fail(error);
    }

    fn primitive_backward(&self, step: PrimitiveBackward<'_>) {
        let error = self.unsupported(Operation::Primitive(*step.primitive), step.d_out.buffer.dtype());
        for d_input in step.d_inputs.iter().flatten() {
            d_input.buffer.fail(error.clone());
        }
        for gradient in step.d_parameters {
            gradient.matrix.buffer.fail(error.clone());
        }
    }
}
