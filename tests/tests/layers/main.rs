//! Layers of run-time sizes beyond what they make of an input: state, modes, first values, what they refuse.

mod dropouts;
mod modes;
mod recurrent;
mod refused;
mod sizes;
mod start;
mod state;
mod transformer;

use tensor::dynamic::{BatchNorm2d, Conv2d, Flatten, Linear, Module, Relu, Sequential};
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

/// Asserts that a call is refused, in words that have this.
#[track_caller]
fn assert_refused<A>(result: tensor::Result<A>, words: &str) {
    let text = match result {
        Ok(_) => panic!("expected an error with {words:?}"),
        Err(error) => error.to_string(),
    };
    assert!(text.contains(words), "{text:?} has no {words:?}");
}

/// The names of the parameters, in the order of the walk.
fn names(module: &impl Module) -> Vec<String> {
    module.parameters::<f32>().into_iter().map(|each| each.name).collect()
}

/// Asserts that the elements of a parameter are those of a uniform law with this bound.
#[track_caller]
fn assert_uniform(parameter: &Tensor<Dynamic>, bound: f64) {
    let data = parameter.to_vec().expect("computed");
    let mean_square = data.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / data.len() as f64;
    assert!(data.iter().all(|&x| f64::from(x).abs() <= bound));
    let expected = bound * bound / 3.0;
    // Four standard deviations of the mean of squares, whose variance is 4/45 of the fourth power of the bound.
    let near = 4.0 * (4.0f64 / 45.0 / data.len() as f64).sqrt() * bound * bound;
    assert!((mean_square - expected).abs() < near, "{mean_square}, not {expected}");
}

/// A path below the folder for temporary files that no other test has.
fn path(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("tensor-layers-{}-{name}.safetensors", std::process::id()))
}
