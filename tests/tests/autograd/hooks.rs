//! Hooks, modes and anomalies.

use std::sync::{Arc, Mutex};

use tensor::autograd::{detect_anomaly, enable_grad};
use tensor::prelude::*;

use crate::vector;

#[test]
fn a_hook_sees_the_whole_gradient_once() {
    let x = vector(&[1., 2.]).requires_grad();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&seen);
    x.register_hook(move |gradient| {
        notes.lock().unwrap().push(gradient.to_vec().unwrap());
        None
    })
    .unwrap();
    (&(&x * 2.) + &(&x * 3.)).sum().backward();
    assert_eq!(*seen.lock().unwrap(), [vec![5., 5.]]);
    assert_eq!(x.grad(), Some(vector(&[5., 5.])));
}

#[test]
fn hooks_on_the_way_change_what_comes_after() {
    let x = vector(&[1., 2.]).requires_grad();
    let y = &x * 3.;
    y.register_hook(|gradient| Some(gradient.affine(2., 0.))).unwrap();
    y.register_hook(|gradient| Some(gradient.affine(1., 1.))).unwrap();
    y.sum().backward();
    assert_eq!(x.grad(), Some(vector(&[9., 9.])));
}

#[test]
fn a_hook_on_nothing_is_refused() {
    assert!(vector(&[1.]).register_hook(|_| None).is_err());
}

#[test]
fn a_hook_must_keep_the_sizes() {
    let x = vector(&[1., 2.]).requires_grad();
    x.register_hook(|_| Some(vector(&[1.]))).unwrap();
    let error = x.sum().try_backward().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`register_hook`: expected a gradient of [2], found [1]"
    );
}

#[test]
fn recording_inside_no_grad() {
    let x = vector(&[1.]).requires_grad();
    no_grad(|| {
        assert!(!(&x * &x).is_tracked());
        assert!(enable_grad(|| &x * &x).is_tracked());
        assert!(!(&x * &x).is_tracked());
    });
    assert!((&x * &x).is_tracked());
}

#[test]
fn an_anomaly_names_the_operation() {
    let x = vector(&[0.]).requires_grad();
    // 0 times infinity.
    let y = (x.sqrt() * 0.).sum();
    let error = detect_anomaly(|| y.try_backward()).unwrap_err();
    assert_eq!(error.to_string(), "`backward` of `sqrt` made a NaN");
}

#[test]
fn an_anomaly_inside_a_model_names_the_operation_there() {
    net! { type Net = linear(1, 2) >> tanh >> linear(2, 1) }
    let model = Net::new(&Device::cpu(), Seed(1));
    // tanh is flat there, and 0 times infinity is no number.
    let x = tensor![[f32::INFINITY]]
        .into_dynamic()
        .try_into_shape::<dims![Batch, 1]>()
        .unwrap();
    let y = model.forward(&x).sum();
    let error = detect_anomaly(|| y.try_backward()).unwrap_err();
    assert_eq!(error.to_string(), "`backward` of `linear` made a NaN");
}
