//! Random tensors of `f64`, and what they should be.

use tensor::prelude::*;

pub type Double = Tensor<Dynamic, f64>;

/// Numbers between -0.5 and 0.5.
pub fn numbers(sizes: &[usize], seed: u64) -> Double {
    Double::rand(sizes, seed).unwrap() - 0.5
}

/// Each element within 1e-12 of its own.
#[track_caller]
pub fn near(a: &Double, b: &Double) {
    assert_eq!(a.sizes(), b.sizes());
    let (a, b) = (a.to_vec().unwrap(), b.to_vec().unwrap());
    tests::assert_close("elements", &a, &b, 1e-12);
}
