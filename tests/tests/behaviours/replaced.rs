//! A part replaced by another: slower perhaps, never wrong.

use tensor::prelude::*;

use crate::{Small, batch, gradients, weights};

/// Two models with the same parameters: one as it was made, one with parts from elsewhere.
fn pair() -> (Small, Small) {
    let mut patched = Small::new(&Device::cpu(), Seed(6));
    let other = Small::new(&Device::cpu(), Seed(7));
    let whole = patched.clone();
    // Something was run before, so that a workspace knows the old parts.
    let (x, labels) = batch(3, 9);
    cross_entropy(&patched.forward(&x), &labels).backward();
    patched.zero_grad();
    patched.fc1 = other.fc1.clone();
    patched.norm.bias = other.norm.bias.clone();
    let mut whole = whole;
    whole.fc1.weight.set(&other.fc1.weight).expect("the same sizes");
    whole.fc1.bias.set(&other.fc1.bias).expect("the same sizes");
    whole.norm.bias.set(&other.norm.bias).expect("the same sizes");
    patched.eval();
    whole.eval();
    (patched, whole)
}

#[test]
fn outputs_and_gradients_are_those_of_a_whole_model() {
    let (patched, whole) = pair();
    assert_eq!(weights(&patched), weights(&whole));
    let (x, labels) = batch(5, 1);
    for model in [&patched, &whole] {
        cross_entropy(&model.forward(&x), &labels).backward();
    }
    assert_eq!(patched.forward(&x), whole.forward(&x));
    assert_eq!(patched.infer(&x), whole.infer(&x));
    assert_eq!(gradients(&patched), gradients(&whole));
}

fn train(model: &mut Small, mut optimizer: impl Optimizer) -> Vec<f32> {
    for seed in 0..8 {
        let (x, labels) = batch(6, seed);
        cross_entropy(&model.forward(&x), &labels).backward();
        optimizer.step(model).expect("there are gradients");
    }
    weights(model)
}

#[test]
fn training_goes_on_as_with_a_whole_model() {
    let (mut patched, mut whole) = pair();
    assert_eq!(train(&mut patched, Adam::new(0.05)), train(&mut whole, Adam::new(0.05)));
    let (mut patched, mut whole) = pair();
    let sgd = || Sgd::new(0.05).momentum(0.9).weight_decay(0.01);
    assert_eq!(train(&mut patched, sgd()), train(&mut whole, sgd()));
}

#[test]
fn a_compiled_step_as_well() {
    let (patched, whole) = pair();
    let mut steps = [patched, whole].map(|model| model.compile(cross_entropy, AdamW::new(0.05)));
    for seed in 0..8 {
        let (x, labels) = batch(6, seed);
        let [left, right] = steps
            .each_mut()
            .map(|step| step.run(&x, &labels).expect("a finite loss"));
        assert_eq!(left, right);
    }
    assert_eq!(weights(steps[0].model()), weights(steps[1].model()));
}

#[test]
fn parts_exchanged_while_training() {
    let mut model = Small::new(&Device::cpu(), Seed(6));
    let mut other = Small::new(&Device::cpu(), Seed(7));
    let mut adam = Adam::new(0.05);
    for seed in 0..4 {
        std::mem::swap(&mut model.fc2, &mut other.fc2);
        let before = other.fc2.weight.to_vec().expect("numbers");
        let now = model.fc2.weight.to_vec().expect("numbers");
        let (x, labels) = batch(6, seed);
        cross_entropy(&model.forward(&x), &labels).backward();
        adam.step(&mut model).expect("there are gradients");
        assert_ne!(
            model.fc2.weight.to_vec().expect("numbers"),
            now,
            "the part in use learns"
        );
        assert_eq!(
            other.fc2.weight.to_vec().expect("numbers"),
            before,
            "the other one does not"
        );
    }
}

#[test]
fn a_replaced_part_is_saved_and_loaded() {
    let (patched, whole) = pair();
    let folder = tempfile::tempdir().expect("a folder for files");
    let path = folder.path().join("patched.safetensors");
    patched.save(&path).expect("the folder can be written to");
    let mut loaded = Small::new(&Device::cpu(), Seed(0));
    loaded.load(&path).expect("a file of this model");
    assert_eq!(weights(&loaded), weights(&whole));
}

#[test]
fn a_change_of_a_replaced_part_is_seen() {
    let (mut patched, _) = pair();
    let (x, labels) = batch(3, 1);
    let loss = cross_entropy(&patched.forward(&x), &labels);
    patched
        .fc1
        .bias
        .set(&patched.fc1.bias.ones_like())
        .expect("the same sizes");
    let error = loss.try_backward().expect_err("changed since").to_string();
    assert!(error.contains("`fc1.bias`"), "{error}");
}
