//! Batches of changing size, down to none.

use tensor::prelude::*;

use crate::{Small, batch, gradients, weights};

#[test]
fn batches_of_64_13_and_64() {
    let mut model = Small::new(&Device::cpu(), Seed(5));
    model.eval();
    let fresh = |size: usize| {
        let mut model = Small::new(&Device::cpu(), Seed(5));
        model.eval();
        let (x, labels) = batch(size, 7);
        let out = model.forward(&x);
        cross_entropy(&out, &labels).backward();
        (out.to_vec().expect("numbers"), gradients(&model))
    };
    for size in [64, 13, 64, 1, 200, 64] {
        let (x, labels) = batch(size, 7);
        let out = model.forward(&x);
        cross_entropy(&out, &labels).backward();
        let inferred = model.infer(&x).to_vec().expect("numbers");
        assert_eq!(inferred, out.to_vec().expect("numbers"));
        assert_eq!(
            (out.to_vec().expect("numbers"), gradients(&model)),
            fresh(size),
            "a batch of {size}"
        );
        model.zero_grad();
    }
}

#[test]
fn a_batch_of_none() {
    let mut model = Small::new(&Device::cpu(), Seed(5));
    let (x, labels) = batch(0, 1);
    let x = x.requires_grad();
    let out = model.forward(&x);
    assert_eq!(out.sizes(), [0, 4]);
    assert_eq!(model.infer(&x.detach()).sizes(), [0, 4]);
    let loss = cross_entropy(&out, &labels);
    assert!(loss.item().expect("no error, as in PyTorch").is_nan());
    out.sum().backward();
    assert_eq!(x.grad().expect("a leaf").sizes(), [0, 6]);
    assert!(
        gradients(&model).iter().all(|&gradient| gradient == 0.0),
        "nothing adds nothing"
    );
    let before = weights(&model);
    Sgd::new(0.1).step(&mut model).expect("gradients of 0 are gradients");
    assert_eq!(weights(&model), before);
}

#[test]
fn a_compiled_step_refuses_a_batch_of_none() {
    let model = Small::new(&Device::cpu(), Seed(5));
    let before = weights(&model);
    let mut step = model.compile(cross_entropy, Sgd::new(0.1));
    let (x, labels) = batch(0, 1);
    let error = step
        .run(&x, &labels)
        .expect_err("there is nothing to learn from")
        .to_string();
    assert_eq!(error, "`step`: expected a batch of one sample or more, found [0, 6]");
    assert_eq!(weights(step.model()), before);
}
