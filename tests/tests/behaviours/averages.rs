//! Running averages of parameters.

use tensor::prelude::*;

use crate::{Small, batch, near, weights};

fn train(model: &mut Small, adam: &mut Adam, ema: &mut Ema, steps: std::ops::Range<u64>) -> Vec<Vec<f32>> {
    steps
        .map(|seed| {
            let (x, labels) = batch(6, seed);
            cross_entropy(&model.forward(&x), &labels).backward();
            adam.step(model).expect("there are gradients");
            ema.update(model).expect("there is room");
            weights(model)
        })
        .collect()
}

/// `average = 0.9 average + 0.1 parameter`, from the first on.
fn by_hand(steps: &[Vec<f32>]) -> Vec<f32> {
    let mut average: Vec<f64> = steps[0].iter().copied().map(f64::from).collect();
    for step in &steps[1..] {
        for (average, &parameter) in average.iter_mut().zip(step) {
            *average = 0.9 * *average + 0.1 * f64::from(parameter);
        }
    }
    average.into_iter().map(|average| average as f32).collect()
}

#[test]
fn are_those_of_all_steps() {
    let mut model = Small::new(&Device::cpu(), Seed(2));
    let (mut adam, mut ema) = (Adam::new(0.05), Ema::new(0.9).expect("a share"));
    let steps = train(&mut model, &mut adam, &mut ema, 0..8);
    let last = weights(&model);
    ema.swap(&mut model).expect("averages");
    near(&weights(&model), &by_hand(&steps));
    let averages = weights(&model);
    ema.swap(&mut model).expect("averages");
    assert_eq!(weights(&model), last, "twice is not at all");
    let mut copy = model.clone();
    ema.copy_to(&mut model).expect("averages");
    assert_eq!(weights(&model), averages);
    let error = ema.swap(&mut copy).expect_err("another model").to_string();
    assert!(error.contains("none of `fc1.weight`"), "{error}");
    assert_eq!(weights(&copy), last);
}

#[test]
fn a_loss_from_before_a_swap_is_not_differentiated() {
    let mut model = Small::new(&Device::cpu(), Seed(2));
    let mut ema = Ema::new(0.5).expect("a share");
    ema.update(&model).expect("there is room");
    let (x, labels) = batch(6, 0);
    let loss = cross_entropy(&model.forward(&x), &labels);
    ema.swap(&mut model).expect("averages");
    let error = loss
        .try_backward()
        .expect_err("the parameters were written")
        .to_string();
    assert!(error.contains("was changed"), "{error}");
}

#[test]
fn take_in_what_comes_later() {
    let mut model = Small::new(&Device::cpu(), Seed(2));
    let mut ema = Ema::new(0.5).expect("a share");
    ema.update(&model.fc1).expect("there is room");
    assert!(ema.copy_to(&mut model).is_err(), "one part has averages");
    model.fc1.bias.set(&Tensor::full(2.)).expect("the same sizes");
    ema.update(&model).expect("there is room");
    ema.copy_to(&mut model).expect("averages of all");
    let other = Small::new(&Device::cpu(), Seed(2));
    assert_eq!(*model.fc2.weight, *other.fc2.weight);
    let half: Vec<f32> = other.fc1.bias.to_vec().expect("numbers");
    let half: Vec<f32> = half.into_iter().map(|bias| 0.5 * (bias + 2.0)).collect();
    near(&model.fc1.bias.to_vec().expect("numbers"), &half);
}

#[test]
fn a_resumed_run_goes_on_bit_for_bit() {
    let folder = tempfile::tempdir().expect("a folder for files");
    let (adam_file, ema_file) = (folder.path().join("adam"), folder.path().join("ema"));
    let begin = || (Adam::new(0.05), Ema::new(0.9).expect("a share"));
    let mut model = Small::new(&Device::cpu(), Seed(2));
    let (mut adam, mut ema) = begin();
    train(&mut model, &mut adam, &mut ema, 0..4);
    adam.save(&model, &adam_file).expect("the folder can be written to");
    ema.save(&model, &ema_file).expect("the folder can be written to");
    let mut again = model.clone();
    let (mut adam_again, mut ema_again) = begin();
    adam_again.load(&again, &adam_file).expect("its file");
    ema_again.load(&again, &ema_file).expect("its file");
    train(&mut model, &mut adam, &mut ema, 4..8);
    train(&mut again, &mut adam_again, &mut ema_again, 4..8);
    ema.swap(&mut model).expect("averages");
    ema_again.swap(&mut again).expect("averages");
    assert_eq!(weights(&model), weights(&again));
    let error = ema.load(&model, &adam_file).expect_err("a file of Adam's").to_string();
    assert!(error.contains("optimizer `ema`") && error.contains("`adam`"), "{error}");
}

#[test]
fn a_share_is_one() {
    for decay in [-0.1, 1.1, f64::NAN] {
        let error = Ema::new(decay).expect_err("no share").to_string();
        assert!(error.contains("a number from 0 to 1"), "{error}");
        assert!(Ema::new(0.5).expect("a share").set_decay(decay).is_err());
    }
    let mut model = Small::new(&Device::cpu(), Seed(2));
    let mut ema = Ema::new(0.0).expect("a share");
    ema.update(&model).expect("there is room");
    model.fc1.weight.set(&Tensor::full(1.)).expect("the same sizes");
    let last = weights(&model);
    ema.update(&model).expect("there is room");
    ema.copy_to(&mut model).expect("averages");
    near(&weights(&model), &last);
}
