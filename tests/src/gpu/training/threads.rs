//! Several threads on one device, with one model and with their own.

use std::thread;

use tensor::prelude::*;

use super::course::{Small, batch, gradients, parameters};
use crate::gpu::Check;
use crate::gpu::sides::{device, near, numbers, sure};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "training::threads::four_threads_on_one_model",
            run: four_threads_on_one_model,
        },
        Check {
            name: "training::threads::a_model_a_thread",
            run: a_model_a_thread,
        },
        Check {
            name: "training::threads::tensors_that_change_hands",
            run: tensors_that_change_hands,
        },
    ]
}

const ROUNDS: usize = 8;

fn four_threads_on_one_model() {
    let mut model = Small::<f64>::new_as(&device(), Seed(1));
    model.eval();
    let sizes = [64, 13, 33, 1];
    let outputs: Vec<Vec<f64>> = sizes
        .iter()
        .map(|&size| numbers("alone", &model.infer(&batch(device(), size, size as u64).0)))
        .collect();
    let alone = model.clone();
    for &size in &sizes {
        let (x, labels) = batch(device(), size, size as u64);
        cross_entropy(&alone.forward(&x), &labels).backward();
    }
    thread::scope(|scope| {
        for (&size, output) in sizes.iter().zip(&outputs) {
            let model = &model;
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    let (x, labels) = batch(device(), size, size as u64);
                    let out = model.forward(&x);
                    assert_eq!(&numbers("forward", &out), output);
                    assert_eq!(&numbers("infer", &model.infer(&x)), output);
                    sure("backward", cross_entropy(&out, &labels).try_backward());
                }
            });
        }
    });
    let expected = gradients(&alone);
    for (name, found) in gradients(&model) {
        let expected: Vec<f64> = expected[&name]
            .iter()
            .map(|gradient| gradient * ROUNDS as f64)
            .collect();
        near(&name, &found, &expected, 1e-12);
    }
}

/// Training beside others ends with the same bits as training alone.
fn a_model_a_thread() {
    let train = |seed: u64| {
        let mut step = Small::<f32>::new_as(&device(), Seed(seed)).compile(cross_entropy, Adam::new(0.01));
        for round in 0..ROUNDS as u64 {
            let (x, labels) = batch(device(), 5 + seed as usize, round);
            sure("a step", step.run(&x, &labels));
        }
        parameters(step.model())
    };
    let alone: Vec<_> = (0..4).map(train).collect();
    let together: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|seed| scope.spawn(move || train(seed))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a run that ends"))
            .collect()
    });
    assert_eq!(together, alone);
}

/// Made on one thread, used and freed on another: memory is free for others only once the work on it is done.
fn tensors_that_change_hands() {
    let make = |seed: u64| -> Tensor<dims![64, 64]> {
        let x = Tensor::randn(&[64, 64], seed).and_then(|x: Tensor<dims![64, 64]>| x.to(device()));
        sure("a tensor", x)
    };
    let expected: Vec<Vec<f32>> = (0..4)
        .map(|seed| sure("alone", make(seed).matmul(&make(seed).t()).to_vec()))
        .collect();
    let (send, receive) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        for seed in 0..4 {
            let send = send.clone();
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    let x = make(seed);
                    send.send((seed, x.matmul(&x.t()))).expect("the receiver waits for all");
                }
            });
        }
        drop(send);
        for (seed, product) in receive {
            assert_eq!(sure("a product", product.to_vec()), expected[seed as usize]);
        }
    });
}
