//! What parameters start from: PyTorch's laws.

use tensor::dynamic::{Bilinear, Conv2d, ConvOptions, ConvTranspose2d, Embedding, EmbeddingOptions, Linear};
use tensor::prelude::*;

use crate::cpu;

/// Uniform numbers of `[-bound, bound)`: all inside, near the bounds, and of their variance.
fn is_uniform(what: &str, numbers: Vec<f64>, bound: f64) {
    let largest = numbers.iter().fold(0f64, |largest, number| largest.max(number.abs()));
    assert!(largest <= bound, "{what}: {largest} beyond {bound}");
    let variance = numbers.iter().map(|number| number * number).sum::<f64>() / numbers.len() as f64;
    let ratio = variance / (bound * bound / 3.0);
    assert!(
        (ratio - 1.0).abs() < 0.1,
        "{what}: a variance {ratio} times that of the law"
    );
}

fn numbers(parameter: &Tensor<Dynamic, f64>) -> Vec<f64> {
    parameter.to_vec().expect("numbers")
}

#[test]
fn products_and_convolutions_start_uniform() {
    let linear = Linear::new(&cpu(), Seed(0), 25, 400).expect("room");
    is_uniform("linear weight", numbers(&linear.weight), 0.2);
    is_uniform("linear bias", numbers(linear.bias.as_deref().expect("a bias")), 0.2);
    let bilinear = Bilinear::new(&cpu(), Seed(0), 16, 10, 50).expect("room");
    is_uniform("bilinear weight", numbers(&bilinear.weight), 0.25);
    let options = ConvOptions {
        groups: 4,
        ..Default::default()
    };
    let conv = Conv2d::with(&cpu(), Seed(0), 16, 800, [5, 1], options).expect("room");
    assert_eq!(conv.weight.sizes(), [800, 4, 5, 1]);
    is_uniform("conv weight", numbers(&conv.weight), 20f64.sqrt().recip());
    is_uniform(
        "conv bias",
        numbers(conv.bias.as_deref().expect("a bias")),
        20f64.sqrt().recip(),
    );
    let transposed = ConvTranspose2d::new(&cpu(), Seed(0), 200, 10, 3).expect("room");
    assert_eq!(transposed.weight.sizes(), [200, 10, 3, 3]);
    is_uniform("transposed weight", numbers(&transposed.weight), 90f64.sqrt().recip());
}

#[test]
fn tables_start_normal_and_their_padding_empty() {
    let options = EmbeddingOptions {
        padding_idx: Some(-2),
        ..Default::default()
    };
    let table = Embedding::<f64>::with(&cpu(), Seed(0), 100, 50, options).expect("room");
    let rows = numbers(&table.weight);
    assert_eq!(rows[98 * 50..99 * 50], [0.0; 50]);
    assert!(rows[..98 * 50].iter().all(|&number| number != 0.0));
    let variance = rows.iter().map(|number| number * number).sum::<f64>() / (99. * 50.);
    assert!((variance - 1.0).abs() < 0.1, "{variance}");
}

#[test]
fn a_seed_says_all() {
    let weight = |seed| Conv2d::<f64>::new(&cpu(), Seed(seed), 2, 2, 2).expect("room").weight;
    assert_eq!(*weight(1), *weight(1));
    assert_ne!(*weight(1), *weight(2));
}
