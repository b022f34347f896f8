//! Forwards and backwards in every order, and from several threads.

use std::thread;

use tensor::prelude::*;

use crate::{Small, batch, gradients, near, weights};

/// The gradients of one batch.
fn alone(model: &Small, size: usize, seed: u64) -> Vec<f32> {
    let mut model = model.clone();
    model.zero_grad();
    let (x, labels) = batch(size, seed);
    cross_entropy(&model.forward(&x), &labels).backward();
    gradients(&model)
}

fn sum(left: &[f32], right: &[f32]) -> Vec<f32> {
    left.iter().zip(right).map(|(left, right)| left + right).collect()
}

fn model() -> Small {
    let mut model = Small::new(&Device::cpu(), Seed(1));
    model.eval();
    model
}

#[test]
fn two_forwards_before_one_backward() {
    let model = model();
    let expected = sum(&alone(&model, 5, 1), &alone(&model, 9, 2));
    let ((x1, labels1), (x2, labels2)) = (batch(5, 1), batch(9, 2));
    let (out1, out2) = (model.forward(&x1), model.forward(&x2));
    (cross_entropy(&out1, &labels1) + cross_entropy(&out2, &labels2)).backward();
    near(&gradients(&model), &expected);
}

#[test]
fn two_forwards_and_their_backwards_the_other_way_round() {
    let model = model();
    let expected = sum(&alone(&model, 5, 1), &alone(&model, 9, 2));
    let ((x1, labels1), (x2, labels2)) = (batch(5, 1), batch(9, 2));
    let first = cross_entropy(&model.forward(&x1), &labels1);
    let second = cross_entropy(&model.forward(&x2), &labels2);
    first.backward();
    second.backward();
    near(&gradients(&model), &expected);
}

#[test]
fn an_output_used_twice() {
    let model = model();
    let (x, _) = batch(3, 4);
    let out = model.forward(&x);
    (out.sum() + out.sum() * 2.0).backward();
    let same = model.clone();
    (same.forward(&x).sum() * 3.0).backward();
    near(&gradients(&model), &gradients(&same));
}

#[test]
fn a_model_behind_itself() {
    net! { type Round = linear(4, 4) >> tanh }
    let model = Round::<f64>::new_as(&Device::cpu(), Seed(3));
    let x = Tensor::<dims![Batch, 4], f64>::randn(&[3, 4], 1).expect("the sizes of the type");
    model.forward(&model.forward(&x)).sum().backward();
    let same = model.clone();
    let eager = |x: Tensor<dims![Batch, 4], f64>| {
        let out = tensor::__private::eager(&same, &x);
        out.try_into_shape::<dims![Batch, 4]>()
            .expect("the sizes of the output")
    };
    eager(eager(x.clone())).sum().backward();
    let (found, expected) = (gradients(&model), gradients(&same));
    tests::assert_close("gradients", &found, &expected, 1e-13);
}

#[test]
fn forwards_without_backward() {
    let model = model();
    let expected = alone(&model, 7, 3);
    for seed in 0..50 {
        let (x, _) = batch(1 + seed as usize % 9, seed);
        let _ = model.forward(&x);
        let _ = model.infer(&x);
    }
    let (x, labels) = batch(7, 3);
    cross_entropy(&model.forward(&x), &labels).backward();
    assert_eq!(gradients(&model), expected);
}

#[test]
fn infer_and_no_grad_leave_nothing_behind() {
    let model = model();
    let (x, _) = batch(3, 1);
    assert!(!model.infer(&x).is_tracked());
    assert!(!no_grad(|| model.forward(&x)).is_tracked());
    assert!(model.forward(&x).is_tracked());
    assert!(model.fc1.weight.grad().is_none());
}

#[test]
fn infer_is_evaluation_whatever_the_mode() {
    let mut model = model();
    model.train();
    let (x, _) = batch(6, 2);
    let inferred = model.infer(&x).to_vec().expect("numbers");
    assert!(model.is_training());
    assert_ne!(
        model.forward(&x).to_vec().expect("numbers"),
        inferred,
        "dropout drops in training"
    );
    model.eval();
    assert_eq!(model.forward(&x).to_vec().expect("numbers"), inferred);
}

#[test]
fn four_threads_on_one_model() {
    let model = &model();
    let sizes = [64, 13, 33, 1];
    let outputs: Vec<Vec<f32>> = sizes
        .iter()
        .map(|&size| model.infer(&batch(size, size as u64).0).to_vec().expect("numbers"))
        .collect();
    let expected = sizes
        .iter()
        .map(|&size| alone(model, size, size as u64))
        .reduce(|sum_so_far, one| sum(&sum_so_far, &one));
    let expected: Vec<f32> = expected
        .expect("four of them")
        .iter()
        .map(|gradient| gradient * 20.0)
        .collect();
    thread::scope(|scope| {
        for (&size, output) in sizes.iter().zip(&outputs) {
            scope.spawn(move || {
                for _ in 0..20 {
                    let (x, labels) = batch(size, size as u64);
                    let out = model.forward(&x);
                    assert_eq!(&out.to_vec().expect("numbers"), output);
                    assert_eq!(&model.infer(&x).to_vec().expect("numbers"), output);
                    cross_entropy(&out, &labels).try_backward().expect("recorded");
                }
            });
        }
    });
    near(&gradients(model), &expected);
}

#[test]
fn no_two_passes_share_their_random_numbers() {
    let mut model = model();
    model.train();
    let (x, _) = batch(8, 1);
    let numbers = |model: &Small| model.forward(&x).to_vec().expect("numbers");
    let (first, second) = (numbers(&model), numbers(&model));
    assert_ne!(first, second);
    let same = Small::new(&Device::cpu(), Seed(1));
    assert_eq!([numbers(&same), numbers(&same)], [first, second], "the seed decides");
    assert_eq!(weights(&model), weights(&same));
}

#[test]
fn every_dropout_has_a_mask_of_its_own() {
    net! {
        type Half = [4096] => dropout(0.5);
        type InOneChain = [4096] => dropout(0.5) >> dropout(0.5);
        type InTwoModels = [4096] => first: Half >> second: Half;
        type BehindEachOther = [4096] => dropout(0.5) >> inner: InTwoModels
    }
    /// The share of elements that come through.
    fn share<M: Mapping<Element = f32>>() -> f64 {
        let model: M = tensor::__private::build(&Device::cpu(), Seed(3));
        let ones = Tensor::<Dynamic>::full_of(1.0, &[4, 4096]).expect("every size");
        let x: Tensor<M::Input<Batch>> = ones.try_into_shape().expect("the input of the model");
        let out = model.forward::<Batch>(&x).into_dynamic().to_vec().expect("numbers");
        out.iter().filter(|&&number| number != 0.0).count() as f64 / out.len() as f64
    }
    for (share, expected) in [
        (share::<Half>(), 0.5),
        (share::<InOneChain>(), 0.25),
        (share::<InTwoModels>(), 0.25),
        (share::<BehindEachOther>(), 0.125),
    ] {
        // Four standard deviations of 16384 draws are less.
        assert!(
            (share - expected).abs() < 0.016,
            "{share} came through, expected about {expected}"
        );
    }
}

#[test]
fn masks_do_not_follow_the_first_parameters() {
    net! { type Masked = [4096] => dropout(0.5) >> last: linear(4096, 1, bias = false) }
    let model = Masked::new(&Device::cpu(), Seed(5));
    let x = Tensor::<dims![1, 4096]>::ones().requires_grad();
    model.forward(&x).sum().backward();
    let passed = x.grad().expect("a leaf").to_vec().expect("numbers");
    let weight = model.last.weight.to_vec().expect("numbers");
    let negative = weight.iter().filter(|&&weight| weight < 0.0).count();
    let kept = weight
        .iter()
        .zip(&passed)
        .filter(|&(&weight, &passed)| weight < 0.0 && passed != 0.0)
        .count();
    let share = kept as f64 / negative as f64;
    assert!(
        (share - 0.5).abs() < 0.05,
        "of the negative weights {share} came through"
    );
}
