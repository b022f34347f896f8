//! Groups of parameters: each with its own options, in one optimizer.

use tensor::prelude::*;

use crate::{Small, batch, weights};

fn train(model: &mut Small, optimizer: &mut impl Optimizer, steps: std::ops::Range<u64>) {
    for seed in steps {
        let (x, labels) = batch(6, seed);
        cross_entropy(&model.forward(&x), &labels).backward();
        optimizer.step(model).expect("there are gradients");
    }
}

fn trained(mut optimizer: impl Optimizer) -> Vec<f32> {
    let mut model = Small::new(&Device::cpu(), Seed(3));
    train(&mut model, &mut optimizer, 0..6);
    weights(&model)
}

#[test]
fn of_the_same_options_are_none() {
    let adam = || AdamW::new(0.02).amsgrad();
    let grouped = adam()
        .group(|parameter| parameter.sizes.len() == 1, |group| group)
        .part("fc2", |group| group);
    assert_eq!(trained(grouped), trained(adam()));
    let sgd = || Sgd::new(0.05).momentum(0.9).nesterov();
    assert_eq!(trained(sgd().part("norm", |group| group)), trained(sgd()));
}

#[test]
fn are_as_optimizers_of_their_own() {
    let decayed = || AdamW::new(0.02).weight_decay(0.3);
    let plain = || AdamW::new(0.05).weight_decay(0.0).amsgrad();
    let grouped = decayed().group(
        |parameter| parameter.sizes.len() < 2,
        |group| group.weight_decay(0.0).learning_rate(0.05).amsgrad(),
    );
    let mut model = Small::new(&Device::cpu(), Seed(3));
    let (mut matrices, mut vectors) = (decayed(), plain());
    for seed in 0..6 {
        let (x, labels) = batch(6, seed);
        cross_entropy(&model.forward(&x), &labels).backward();
        let mut step = || -> Result<(), tensor::Error> {
            matrices.step(&mut model.fc1.weight)?;
            matrices.step(&mut model.fc2.weight)?;
            vectors.step(&mut model.fc1.bias)?;
            vectors.step(&mut model.norm)?;
            vectors.step(&mut model.fc2.bias)
        };
        step().expect("there are gradients");
    }
    assert_eq!(trained(grouped), weights(&model));
}

#[test]
fn are_in_compiled_steps() {
    let adam = || Adam::new(0.02).part("fc1", |group| group.learning_rate(0.0).weight_decay(0.1));
    let mut step = Small::new(&Device::cpu(), Seed(3)).compile(cross_entropy, adam());
    for seed in 0..6 {
        let (x, labels) = batch(6, seed);
        step.run(&x, &labels).expect("a finite loss");
    }
    assert_eq!(trained(adam()), weights(step.model()));
    let before = Small::new(&Device::cpu(), Seed(3));
    assert_eq!(*step.model().fc1.weight, *before.fc1.weight, "a rate of 0");
    assert_ne!(*step.model().fc2.weight, *before.fc2.weight);
}

#[test]
fn the_first_that_wants_a_parameter_has_it() {
    let stays = |group: Sgd| group.learning_rate(0.0);
    let before = Small::new(&Device::cpu(), Seed(3));
    let mut model = before.clone();
    let mut sgd = Sgd::new(0.1)
        .group(|parameter| parameter.name == "fc1.bias", |group| group)
        .part("fc1", |group| {
            stays(group).group(
                |parameter| parameter.name == "fc1.weight",
                |inner| inner.learning_rate(0.2),
            )
        })
        .part("norm", stays);
    let rates: Vec<f64> = (0..sgd.groups())
        .map(|group| sgd.rates(group).expect("a group").lr)
        .collect();
    assert_eq!(rates, [0.1, 0.1, 0.2, 0.0, 0.0], "groups in a group come before it");
    // No parameter is left for the fourth.
    let error = {
        let (x, labels) = batch(6, 0);
        cross_entropy(&model.forward(&x), &labels).backward();
        sgd.step(&mut model).expect_err("nobody is in `fc1` itself").to_string()
    };
    assert_eq!(
        error,
        "`the groups of an optimizer`: expected a parameter in each, found none in group 3"
    );
    assert_eq!(weights(&model), weights(&before));
}

#[test]
fn a_name_that_is_none_is_an_error() {
    let mut model = Small::new(&Device::cpu(), Seed(3));
    let (x, labels) = batch(6, 0);
    cross_entropy(&model.forward(&x), &labels).backward();
    // `fc` is the beginning of a name, and no part.
    let mut sgd = Sgd::new(0.1).part("fc", |group| group.weight_decay(0.1));
    let error = sgd.step(&mut model).expect_err("there is no such part").to_string();
    assert!(error.contains("none in group 1"), "{error}");
}

#[test]
fn options_of_a_group_are_checked() {
    let mut model = Small::new(&Device::cpu(), Seed(3));
    let before = weights(&model);
    let (x, labels) = batch(6, 0);
    cross_entropy(&model.forward(&x), &labels).backward();
    let mut adam = Adam::new(0.1).part("fc1", |group| group.weight_decay(-1.0));
    let error = adam.step(&mut model).expect_err("a negative decay").to_string();
    assert!(error.contains("weight_decay"), "{error}");
    assert_eq!(weights(&model), before);
}

#[test]
fn rates_are_of_a_group_or_of_all() {
    let mut adam = Adam::new(0.1).part("fc1", |group| group.learning_rate(0.2).betas(0.5, 0.9));
    let second = adam.rates(1).expect("a group");
    assert_eq!((second.lr, second.momentum), (0.2, 0.5));
    adam.set_rates(1, tensor::Rates { lr: 0.3, ..second })
        .expect("there is such a group");
    assert_eq!((adam.lr(), adam.rates(1).expect("a group").lr), (0.1, 0.3));
    adam.set_lr(0.4);
    assert_eq!((adam.lr(), adam.rates(1).expect("a group").lr), (0.4, 0.4));
    let error = adam.rates(2).expect_err("there are two").to_string();
    assert_eq!(error, "`rates`: group 2 is out of range for 2 groups");
    assert!(adam.set_rates(usize::MAX, second).is_err());
}

#[test]
fn a_resumed_run_goes_on_bit_for_bit() {
    let adam = || {
        Adam::new(0.02).group(
            |parameter| parameter.name.ends_with("bias"),
            |group| group.amsgrad().learning_rate(0.01),
        )
    };
    let folder = tempfile::tempdir().expect("a folder for files");
    let file = folder.path().join("adam");
    let mut model = Small::new(&Device::cpu(), Seed(11));
    let mut optimizer = adam();
    train(&mut model, &mut optimizer, 0..5);
    optimizer.save(&model, &file).expect("the folder can be written to");
    let (mut again, mut resumed) = (model.clone(), adam());
    resumed.load(&again, &file).expect("a file of this optimizer");
    train(&mut model, &mut optimizer, 5..9);
    train(&mut again, &mut resumed, 5..9);
    assert_eq!(weights(&again), weights(&model));
    let mut other = Adam::new(0.02);
    let error = other.load(&again, &file).expect_err("other groups").to_string();
    assert!(error.contains("unexpected `fc1.bias.max_exp_avg_sq`"), "{error}");
}
