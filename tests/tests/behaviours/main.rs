//! What models, gradients, optimizers and files do in the order in which people use them, and what they say when misused.

mod accumulated;
mod averages;
mod batches;
mod changes;
mod clipping;
mod clones;
mod data_sets;
mod display;
mod doubles;
mod elementwise;
mod failed;
mod files;
mod frozen;
mod groups;
mod guards;
mod labels;
mod linalg;
mod losses;
mod numpy;
mod operators;
mod options;
mod passes;
mod reductions;
mod replaced;
mod resumed;
mod schedules;
mod sizes;
mod sorting;
mod starts;
mod steps;
mod transforms;

use tensor::prelude::*;

net! {
    /// What most of these tests train.
    pub type Small = fc1: linear(6, 16) >> relu >> norm: layer_norm(16) >> dropout(0.2) >> fc2: linear(16, 4)
}

type Labelled = (Tensor<dims![Batch, 6]>, Tensor<dims![Batch], i64>);

/// A batch with labels, the same for the same seed.
fn batch(size: usize, seed: u64) -> Labelled {
    let x = Tensor::randn(&[size, 6], seed).expect("the sizes of the type");
    let labels = (0..size).map(|row| ((row as u64 * 7 + seed) % 4) as i64).collect();
    (x, Tensor::from_vec(labels, &[size]).expect("a label a row"))
}

/// An error that has all of these words.
#[track_caller]
fn refused<T>(result: tensor::Result<T>, words: &[&str]) {
    let text = result.err().expect("it was to be refused").to_string();
    for word in words {
        assert!(text.contains(word), "{text:?} has no {word:?}");
    }
}

/// All parameters, one after the other.
fn weights<M: Model>(model: &M) -> Vec<M::Element> {
    tensor::__private::parameters(model)
        .iter()
        .flat_map(|parameter| parameter.tensor.to_vec().expect("a parameter without error"))
        .collect()
}

/// All gradients, one after the other.
fn gradients<M: Model>(model: &M) -> Vec<M::Element> {
    tensor::__private::parameters(model)
        .iter()
        .flat_map(|parameter| {
            parameter
                .tensor
                .grad()
                .expect("a gradient")
                .to_vec()
                .expect("a gradient without error")
        })
        .collect()
}

/// Panics unless two lists are the same to rounding.
#[track_caller]
fn near(found: &[f32], expected: &[f32]) {
    let wide = |numbers: &[f32]| numbers.iter().copied().map(f64::from).collect::<Vec<f64>>();
    let (found, expected) = (wide(found), wide(expected));
    tests::assert_close("numbers", &found, &expected, 1e-5 * tests::largest(&expected).max(1e-3));
}
