//! Steps of optimizers over slices.

use tensor_ops::Unary;

use super::Cpu;
use super::access::{read, write};
use crate::device::typed::float;
use crate::device::{Matrix, Moments, Updates};
use crate::error::Result;
use crate::kernels::optimizers::{self, AdamRule, SgdRule};
use crate::kernels::{chain, rows};

impl Updates for Cpu {
    fn sgd(
        &self,
        values: Matrix<'_>,
        gradients: Matrix<'_>,
        momentum: Option<Matrix<'_>>,
        first: bool,
        rule: SgdRule,
    ) -> Result<()> {
        float!(values, T => {
            let momentum = momentum.map(|momentum| write::<T>(momentum, &[gradients]));
            optimizers::sgd(write::<T>(values, &[gradients]), read::<T>(gradients), momentum, first, rule);
        });
        Ok(())
    }

    fn adam(&self, values: Matrix<'_>, gradients: Matrix<'_>, moments: Moments<'_>, rule: AdamRule) -> Result<()> {
        let Moments { first, second, largest } = moments;
        float!(values, T => {
            let into = |matrix| write::<T>(matrix, &[gradients]);
            optimizers::adam(into(values), read::<T>(gradients), into(first), into(second), largest.map(into), rule);
        });
        Ok(())
    }

    fn sum_of_squares(&self, x: Matrix<'_>) -> Result<f64> {
        Ok(float!(x, T => rows::sum_of_squares(read::<T>(x))))
    }

    fn scale(&self, scale: f64, x: Matrix<'_>) -> Result<()> {
        float!(x, T => chain::chain_in_place(&[Unary::Affine { scale, shift: 0.0 }], None, 0, write::<T>(x, &[])));
        Ok(())
    }
}
