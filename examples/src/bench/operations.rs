//! Single operations.

use std::hint::black_box;

use tensor::Result;
use tensor::prelude::*;
use tensor::shape::{MatMul, StaticShape};

use super::clock::Clock;

net! {
    /// Of the width of a small transformer.
    pub(super) type Norm768 = layer_norm(768);
    /// Of the width of a larger one.
    pub(super) type Norm1024 = layer_norm(1024);
}

/// The product of two square matrices.
pub(super) fn matmul<S>(clock: &Clock) -> Result<f64>
where
    S: StaticShape + MatMul<S>,
{
    let operand = |seed| Tensor::<S>::randn(S::SIZES, seed)?.to(clock.device);
    let (a, b) = (operand(0)?, operand(1)?);
    clock.median(|| {
        black_box(a.matmul(&b));
        Ok(())
    })
}

/// One call on one tensor of random numbers.
pub(super) fn call<R>(clock: &Clock, sizes: &[usize], call: fn(&Tensor<Dynamic>) -> Result<R>) -> Result<f64> {
    let x = Tensor::<Dynamic>::randn(sizes, 0)?.to(clock.device)?;
    clock.median(|| call(&x).map(|out| drop(black_box(out))))
}

/// The sum of two vectors.
pub(super) fn add(clock: &Clock, len: usize) -> Result<f64> {
    let operand = |seed| Tensor::<Dynamic>::randn(&[len], seed)?.to(clock.device);
    let (a, b) = (operand(0)?, operand(1)?);
    clock.median(|| a.add(&b).map(|out| drop(black_box(out))))
}

/// A tensor that lies on the processor goes to the device.
pub(super) fn upload(clock: &Clock, len: usize) -> Result<f64> {
    let x = Tensor::<Dynamic>::randn(&[len], 0)?;
    clock.median(|| x.to(clock.device).map(|out| drop(black_box(out))))
}
