//! A clone is a model of its own.

use tensor::prelude::*;

use crate::{Small, batch, weights};

#[test]
fn a_clone_learns_alone() {
    let mut model = Small::new(&Device::cpu(), Seed(4));
    let before = weights(&model);
    let mut copy = model.clone();
    assert_eq!(weights(&copy), before);
    let (x, labels) = batch(4, 1);
    cross_entropy(&copy.forward(&x), &labels).backward();
    assert!(model.fc1.weight.grad().is_none(), "gradients are not shared");
    Sgd::new(0.5).step(&mut copy).expect("there are gradients");
    assert_eq!(weights(&model), before);
    assert_ne!(weights(&copy), before);
    let learned = weights(&copy);
    cross_entropy(&model.forward(&x), &labels).backward();
    Sgd::new(0.25).step(&mut model).expect("there are gradients");
    assert_eq!(weights(&copy), learned);
}

#[test]
fn a_clone_has_mode_and_random_numbers() {
    let mut model = Small::new(&Device::cpu(), Seed(4));
    let (x, _) = batch(4, 1);
    let _ = model.forward(&x);
    let copy = model.clone();
    assert_eq!(copy.forward(&x), model.forward(&x), "the same masks");
    model.eval();
    assert!(!model.clone().is_training());
}

#[test]
fn a_clone_of_a_parameter_is_a_copy() {
    let mut model = Small::new(&Device::cpu(), Seed(4));
    let copy = model.fc2.bias.clone();
    let before = copy.to_vec().expect("numbers");
    model.fc2.bias.set(&model.fc2.bias.ones_like()).expect("the same sizes");
    assert_eq!(copy.to_vec().expect("numbers"), before);
    assert_eq!(model.fc2.bias.to_vec().expect("numbers"), [1.0; 4]);
}

#[test]
fn a_parameter_set_from_itself() {
    let mut model = Small::new(&Device::cpu(), Seed(4));
    let before = weights(&model);
    let own = (*model.fc1.weight).clone();
    model.fc1.weight.set(&own).expect("the same sizes");
    assert_eq!(weights(&model), before);
}
