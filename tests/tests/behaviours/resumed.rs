//! A run that stops, is written to files and read again equals one that goes on: bit for bit, dropout included.

use std::path::Path;

use tensor::prelude::*;

use crate::{Small, batch, weights};

fn train(model: &mut Small, optimizer: &mut impl Optimizer, steps: std::ops::Range<u64>) {
    for seed in steps {
        let (x, labels) = batch(6, seed);
        cross_entropy(&model.forward(&x), &labels).backward();
        optimizer.step(model).expect("there are gradients");
    }
}

fn hold<O: Optimizer>(make: impl Fn() -> O) {
    let folder = tempfile::tempdir().expect("a folder for files");
    let file = |name: &str| folder.path().join(name);
    let mut unbroken = Small::new(&Device::cpu(), Seed(11));
    train(&mut unbroken, &mut make(), 0..12);

    let mut model = Small::new(&Device::cpu(), Seed(11));
    let mut optimizer = make();
    train(&mut model, &mut optimizer, 0..5);
    model
        .save(file("model.safetensors"))
        .expect("the folder can be written to");
    optimizer
        .save(&model, file("optimizer.safetensors"))
        .expect("the folder can be written to");

    // Another process would begin here, with another seed even.
    let mut model = Small::new(&Device::cpu(), Seed(99));
    let mut optimizer = make();
    model.load(file("model.safetensors")).expect("a file of this model");
    optimizer
        .load(&model, file("optimizer.safetensors"))
        .expect("a file of this optimizer");
    train(&mut model, &mut optimizer, 5..12);
    assert_eq!(weights(&model), weights(&unbroken));
}

#[test]
fn sgd() {
    hold(|| Sgd::new(0.05));
}

#[test]
fn sgd_with_everything() {
    hold(|| Sgd::new(0.05).momentum(0.9).dampening(0.3).weight_decay(0.01));
    hold(|| Sgd::new(0.05).momentum(0.9).weight_decay(0.01).nesterov());
}

#[test]
fn adam() {
    hold(|| Adam::new(0.02));
    hold(|| Adam::new(0.02).amsgrad().weight_decay(0.05));
}

#[test]
fn adamw() {
    hold(|| AdamW::new(0.02));
    hold(|| AdamW::new(0.02).amsgrad());
}

#[test]
fn a_compiled_step() {
    let folder = tempfile::tempdir().expect("a folder for files");
    let (model_file, optimizer_file) = (folder.path().join("model"), folder.path().join("optimizer"));
    let run = |steps: std::ops::Range<u64>, from: Option<(&Path, &Path)>| {
        let mut model = Small::new(&Device::cpu(), Seed(12));
        let mut adam = Adam::new(0.02);
        if let Some((model_file, optimizer_file)) = from {
            model.load(model_file).expect("a file of this model");
            adam.load(&model, optimizer_file).expect("a file of this optimizer");
        }
        let mut step = model.compile(cross_entropy, adam);
        for seed in steps {
            let (x, labels) = batch(6, seed);
            step.run(&x, &labels).expect("a finite loss");
        }
        step.into_parts()
    };
    let (unbroken, _) = run(0..12, None);
    let (model, adam) = run(0..7, None);
    model.save(&model_file).expect("the folder can be written to");
    adam.save(&model, &optimizer_file)
        .expect("the folder can be written to");
    let (resumed, _) = run(7..12, Some((&model_file, &optimizer_file)));
    assert_eq!(weights(&resumed), weights(&unbroken));
}

#[test]
fn parameters_that_were_skipped_keep_their_counts() {
    let folder = tempfile::tempdir().expect("a folder for files");
    let file = folder.path().join("adam");
    let part = |model: &mut Small, adam: &mut Adam| {
        model.fc1.weight.square().sum().backward();
        adam.step(model).expect("one gradient");
    };
    let mut model = Small::new(&Device::cpu(), Seed(11));
    let mut adam = Adam::new(0.02);
    part(&mut model, &mut adam);
    train(&mut model, &mut adam, 0..2);
    part(&mut model, &mut adam);
    adam.save(&model, &file).expect("the folder can be written to");
    let mut same = model.clone();
    let mut loaded = Adam::new(0.02);
    loaded.load(&same, &file).expect("a file of this optimizer");
    train(&mut model, &mut adam, 2..5);
    train(&mut same, &mut loaded, 2..5);
    assert_eq!(weights(&same), weights(&model));
}

#[test]
fn what_is_read_replaces_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder for files");
    let file = folder.path().join("adam.safetensors");
    let mut model = Small::new(&Device::cpu(), Seed(1));
    let mut adam = Adam::new(0.01);
    adam.save(&model, &file).expect("the folder can be written to");
    let mut again = model.clone();
    train(&mut model.clone(), &mut adam, 0..3);
    adam.load(&model, &file).expect("a file of this optimizer");
    train(&mut model, &mut adam, 3..5);
    train(&mut again, &mut Adam::new(0.01), 3..5);
    assert_eq!(
        weights(&model),
        weights(&again),
        "a state from before the first step is none"
    );
}

#[test]
fn damaged_states_are_refused() {
    let folder = tempfile::tempdir().expect("a folder for files");
    let file = folder.path().join("adam.safetensors");
    let mut model = Small::new(&Device::cpu(), Seed(1));
    let mut adam = Adam::new(0.01);
    train(&mut model, &mut adam, 0..3);
    adam.save(&model, &file).expect("the folder can be written to");
    let bytes = std::fs::read(&file).expect("just written");
    let text = String::from_utf8_lossy(&bytes);
    let steps = "\"fc1.weight.step\":\"3\"";
    let at = text.find(steps).expect("the steps are in the header") + steps.len() - 2;
    for (digit, expected) in [
        (b'0', "a number of steps for `fc1.weight`"),
        (b'x', "a number of steps"),
    ] {
        let mut damaged = bytes.clone();
        damaged[at] = digit;
        std::fs::write(&file, damaged).expect("the folder can be written to");
        let error = adam
            .load(&model, &file)
            .expect_err("the steps make no sense")
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut sgd = Sgd::new(0.1).momentum(0.9);
    let error = sgd.load(&model, &file).expect_err("another optimizer's").to_string();
    assert!(error.contains("optimizer `sgd`") && error.contains("`adam`"), "{error}");
    let mut amsgrad = Adam::new(0.01).amsgrad();
    std::fs::write(&file, bytes).expect("the folder can be written to");
    let error = amsgrad
        .load(&model, &file)
        .expect_err("a moment is missing")
        .to_string();
    assert!(error.contains("missing `fc1.weight.max_exp_avg_sq`"), "{error}");
}
