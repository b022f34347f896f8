//! Labels that are no classes.

use tensor::prelude::*;

use crate::{Small, batch, weights};

fn labels(last: i64) -> Tensor<dims![Batch], i64> {
    Tensor::from_vec(vec![0, 3, last], &[3]).expect("three labels")
}

#[test]
fn the_error_comes_out_where_the_loss_is_read() {
    let model = Small::new(&Device::cpu(), Seed(2));
    let (x, _) = batch(3, 1);
    for wrong in [4, -1, i64::MAX, i64::MIN] {
        let loss = cross_entropy(&model.forward(&x), &labels(wrong));
        let error = loss.item().expect_err("no such class").to_string();
        assert!(
            error.contains(&wrong.to_string()) && error.contains('4'),
            "the label and the classes: {error}"
        );
        assert!(loss.error().is_some());
        assert!((loss * 2.0).item().is_err(), "what is computed from it has the error");
    }
    assert!(cross_entropy(&model.forward(&x), &labels(3)).item().is_ok());
}

#[test]
fn the_error_comes_out_at_the_step() {
    let mut model = Small::new(&Device::cpu(), Seed(2));
    let before = weights(&model);
    let (x, _) = batch(3, 1);
    cross_entropy(&model.forward(&x), &labels(9)).backward();
    let mut adam = Adam::new(0.1);
    let error = adam.step(&mut model).expect_err("no such class").to_string();
    assert!(error.contains('9'), "{error}");
    assert_eq!(weights(&model), before);
    cross_entropy(&model.forward(&x), &labels(1)).backward();
    adam.step(&mut model).expect("these are classes");
}

#[test]
fn a_compiled_step_changes_nothing() {
    let model = Small::new(&Device::cpu(), Seed(2));
    let before = weights(&model);
    let (x, _) = batch(3, 1);
    let mut step = model.compile(cross_entropy, Adam::new(0.1));
    let error = step.run(&x, &labels(-5)).expect_err("no such class").to_string();
    assert!(error.contains("-5"), "{error}");
    assert_eq!(weights(step.model()), before);
    step.run(&x, &labels(1)).expect("these are classes");
    assert_ne!(weights(step.model()), before);
}

#[test]
fn a_loss_that_is_not_finite_stops_training() {
    let model = Small::new(&Device::cpu(), Seed(2));
    let before = weights(&model);
    let (_, labels) = batch(2, 1);
    let x = Tensor::full_of(f32::NAN, &[2, 6]).expect("the sizes of the type");
    let mut step = model.compile(cross_entropy, Adam::new(0.1));
    let error = step.run(&x, &labels).expect_err("NaN").to_string();
    assert!(error.contains("NaN") && error.contains("step 1"), "{error}");
    assert_eq!(weights(step.model()), before);
}
