//! `clip_grad_norm` against its definition.

use tensor::prelude::*;

use crate::{Small, batch, gradients};

fn norm(numbers: &[f32]) -> f64 {
    numbers
        .iter()
        .map(|&number| f64::from(number).powi(2))
        .sum::<f64>()
        .sqrt()
}

fn model() -> Small {
    let model = Small::new(&Device::cpu(), Seed(3));
    let (x, labels) = batch(5, 1);
    (cross_entropy(&model.forward(&x), &labels) * 10.0).backward();
    model
}

#[test]
fn long_gradients_are_shortened() {
    let mut model = model();
    let before = gradients(&model);
    let max = 0.25;
    let found = clip_grad_norm(&mut model, max).expect("gradients without error");
    assert!((found - norm(&before)).abs() < 1e-6 * found, "{found}");
    let scale = max / (norm(&before) + 1e-6);
    for (after, before) in gradients(&model).iter().zip(&before) {
        assert!((f64::from(*after) - f64::from(*before) * scale).abs() <= 1e-6 * max);
    }
    assert!((norm(&gradients(&model)) - max).abs() < 1e-5);
}

#[test]
fn short_gradients_stay() {
    let mut model = model();
    let before = gradients(&model);
    clip_grad_norm(&mut model, 1e6).expect("gradients without error");
    assert_eq!(gradients(&model), before);
}

#[test]
fn all_parameters_count_together() {
    let mut models = (model(), model());
    let all = [gradients(&models.0), gradients(&models.1)].concat();
    let found = clip_grad_norm(&mut models, 1.0).expect("gradients without error");
    assert!((found - norm(&all)).abs() < 1e-6 * found);
    let after = [gradients(&models.0), gradients(&models.1)].concat();
    assert!((norm(&after) - 1.0).abs() < 1e-5);
}

#[test]
fn parts_of_two_buffers_count_as_one_model() {
    let mut whole = model();
    let mut patched = Small::new(&Device::cpu(), Seed(3));
    patched.fc1 = whole.fc1.clone();
    let (x, labels) = batch(5, 1);
    (cross_entropy(&patched.forward(&x), &labels) * 10.0).backward();
    let left = clip_grad_norm(&mut whole, 0.5).expect("gradients without error");
    let right = clip_grad_norm(&mut patched, 0.5).expect("gradients without error");
    assert!((left - right).abs() < 1e-6 * left);
    crate::near(&gradients(&patched), &gradients(&whole));
}

#[test]
fn without_gradients_the_norm_is_0() {
    let mut model = Small::new(&Device::cpu(), Seed(3));
    assert_eq!(clip_grad_norm(&mut model, 1.0).expect("nothing is no error"), 0.0);
}

#[test]
fn bounds_that_are_none() {
    let mut model = model();
    let before = gradients(&model);
    for bound in [-1.0, f64::NAN] {
        let error = clip_grad_norm(&mut model, bound).expect_err("no bound").to_string();
        assert!(error.contains("max_norm"), "{error}");
    }
    assert_eq!(gradients(&model), before);
    clip_grad_norm(&mut model, 0.0).expect("0 is a bound");
    assert!(gradients(&model).iter().all(|&gradient| gradient == 0.0));
}
