//! A compiled step is the tape's step without the tape: the same bits.

use tensor::prelude::*;

use crate::{Small, batch, weights};

fn compiled(model: Small, optimizer: impl Optimizer) -> (Vec<f32>, Vec<f32>) {
    let mut step = model.compile(cross_entropy, optimizer);
    let losses = (0..10)
        .map(|seed| {
            let (x, labels) = batch(3 + seed as usize, seed);
            step.run(&x, &labels).expect("a finite loss")
        })
        .collect();
    (losses, weights(step.model()))
}

fn taped(mut model: Small, mut optimizer: impl Optimizer) -> (Vec<f32>, Vec<f32>) {
    let losses = (0..10)
        .map(|seed| {
            let (x, labels) = batch(3 + seed as usize, seed);
            let loss = cross_entropy(&model.forward(&x), &labels);
            loss.backward();
            optimizer.step(&mut model).expect("there are gradients");
            loss.item().expect("a number")
        })
        .collect();
    (losses, weights(&model))
}

#[test]
fn the_same_bits_for_every_optimizer() {
    let model = Small::new(&Device::cpu(), Seed(8));
    let sgd = || Sgd::new(0.05).momentum(0.9);
    assert_eq!(compiled(model.clone(), sgd()), taped(model.clone(), sgd()));
    assert_eq!(
        compiled(model.clone(), Adam::new(0.05)),
        taped(model.clone(), Adam::new(0.05))
    );
    assert_eq!(
        compiled(model.clone(), AdamW::new(0.05)),
        taped(model, AdamW::new(0.05))
    );
}

#[test]
fn mean_squared_error() {
    net! { type Line = linear(6, 2) >> tanh >> linear(2, 3) }
    let mut model = Line::new(&Device::cpu(), Seed(8));
    let mut step = model.clone().compile(mse_loss, Sgd::new(0.1));
    let mut sgd = Sgd::new(0.1);
    for seed in 0..10 {
        let (x, _) = batch(5, seed);
        let y = Tensor::<dims![Batch, 3]>::randn(&[5, 3], seed).expect("the sizes of the type");
        let loss = mse_loss(&model.forward(&x), &y);
        loss.backward();
        sgd.step(&mut model).expect("there are gradients");
        assert_eq!(step.run(&x, &y).expect("a finite loss"), loss.item().expect("a number"));
    }
    assert_eq!(weights(step.model()), weights(&model));
}

#[test]
fn gradients_left_from_before_are_added() {
    let model = Small::new(&Device::cpu(), Seed(8));
    let (x, labels) = batch(4, 1);
    let run = |compile: bool| {
        let mut model = model.clone();
        model.eval();
        cross_entropy(&model.forward(&x), &labels).backward();
        if compile {
            let mut step = model.compile(cross_entropy, Sgd::new(0.1));
            step.run(&x, &labels).expect("a finite loss");
            return weights(step.model());
        }
        cross_entropy(&model.forward(&x), &labels).backward();
        Sgd::new(0.1).step(&mut model).expect("there are gradients");
        weights(&model)
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn training_goes_down() {
    let (x, labels) = batch(32, 1);
    let mut step = Small::new(&Device::cpu(), Seed(8)).compile(cross_entropy, Adam::new(0.01));
    let losses: Vec<f32> = (0..300)
        .map(|_| step.run(&x, &labels).expect("a finite loss"))
        .collect();
    assert!(losses[299] < 0.5 * losses[0], "{} to {}", losses[0], losses[299]);
}
