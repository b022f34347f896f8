//! Layers of run-time sizes beyond what they make of an input: state, modes, first values, what they refuse.

mod dropouts;
mod modes;
mod refused;
mod sizes;
mod start;
mod state;

use tensor::dynamic::{BatchNorm2d, Conv2d, Flatten, Linear, Relu, Sequential};
use tensor::prelude::*;

type Values = Tensor<Dynamic>;

fn cpu() -> Device {
    Device::cpu()
}

fn values(sizes: &[usize], seed: u64) -> Values {
    Tensor::randn(sizes, seed).expect("room")
}

/// A layer with buffers between layers with parameters, and some with nothing.
fn network(seed: u64) -> Sequential {
    Sequential::new()
        .then(Conv2d::new(&cpu(), Seed(seed), 2, 3, 3).expect("room"))
        .then(BatchNorm2d::new(&cpu(), 3).expect("room"))
        .then(Relu)
        .then(Flatten::default())
        .then(Linear::new(&cpu(), Seed(seed + 1), 12, 2).expect("room"))
}

const NAMES: [&str; 9] = [
    "0.bias",
    "0.weight",
    "1.bias",
    "1.num_batches_tracked",
    "1.running_mean",
    "1.running_var",
    "1.weight",
    "4.bias",
    "4.weight",
];
