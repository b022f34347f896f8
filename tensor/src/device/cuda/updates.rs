//! Launchers of optimizers.

use gpu_kernels::{Code, Step};

use super::Cuda;
use super::rules::{adam, sgd};
use crate::device::typed::float;
use crate::device::{Matrix, Moments, Operation, Updates};
use crate::error::Result;
use crate::kernels::optimizers::{AdamRule, SgdRule};

impl Updates for Cuda {
    fn sgd(
        &self,
        values: Matrix<'_>,
        gradients: Matrix<'_>,
        momentum: Option<Matrix<'_>>,
        first: bool,
        rule: SgdRule,
    ) -> Result<()> {
        let rule = sgd(rule);
        // SAFETY: operands lie inside their buffers, which `access.rs` checks; an output is written by this operation alone.
        self.attempt(Operation::Sgd, values.buffer.dtype(), || unsafe {
            float!(values, T => {
                let momentum = momentum.map(|x| self.at::<T>(x));
                self.gpu.sgd(self.at::<T>(values), self.at::<T>(gradients), momentum, first, rule, values.len())
            })
        })
    }

    fn adam(&self, values: Matrix<'_>, gradients: Matrix<'_>, moments: Moments<'_>, rule: AdamRule) -> Result<()> {
        let Moments { first, second, largest } = moments;
        let rule = adam(rule);
        // SAFETY: as above.
        self.attempt(Operation::Adam, values.buffer.dtype(), || unsafe {
            float!(values, T => {
                let largest = largest.map(|x| self.at::<T>(x));
                let (values, gradients, len) = (self.at::<T>(values), self.at::<T>(gradients), values.len());
                self.gpu.adam(values, gradients, self.at::<T>(first), self.at::<T>(second), largest, rule, len)
            })
        })
    }

    fn sum_of_squares(&self, x: Matrix<'_>) -> Result<f64> {
        // SAFETY: as above.
        self.attempt(Operation::SumOfSquares, x.buffer.dtype(), || unsafe {
            float!(x, T => self.gpu.sum_of_squares(self.at::<T>(x), x.len()))
        })
    }

    fn scale(&self, scale: f64, x: Matrix<'_>) -> Result<()> {
        let factor = Step::new(Code::Affine, scale, 0.0);
        // SAFETY: as above; the kernel reads an element before it writes it.
        self.attempt(Operation::Scale, x.buffer.dtype(), || unsafe {
            float!(x, T => self.gpu.chain(&[factor], 0, self.at::<T>(x), self.at::<T>(x), x.len()))
        })
    }
}
