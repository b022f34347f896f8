//! Elementwise operations on two tensors, with broadcasting in both directions.

use std::slice::from_ref;

use tensor::{Batch, Result, dims};
use tests::Chance;
use tests::differences::{Values, check};

/// Sizes that broadcast with each other.
const PAIRS: &[(&[usize], &[usize])] = &[
    (&[], &[]),
    (&[3], &[]),
    (&[], &[2, 3]),
    (&[4], &[4]),
    (&[4], &[1]),
    (&[2, 3], &[3]),
    (&[2, 1], &[3]),
    (&[1, 3], &[2, 1]),
    (&[3], &[2, 1]),
    (&[2, 3, 4], &[2, 3, 4]),
    (&[2, 3, 4], &[3, 1]),
    (&[2, 1, 4], &[5, 2, 3, 1]),
    (&[0], &[1]),
    (&[1], &[0]),
    (&[0, 3], &[3]),
    (&[2, 1], &[2, 0]),
    (&[1, 1], &[1]),
    (&[33, 17], &[17]),
    (&[33, 17], &[33, 1]),
];

#[track_caller]
fn hold(what: &str, low: f64, high: f64, operation: impl Fn(&Values, &Values) -> Result<Values>) {
    let mut chance = Chance::new(what.bytes().map(u64::from).sum());
    for (left, right) in PAIRS {
        let (a, b) = (chance.uniform(left, low, high), chance.uniform(right, low, high));
        let label = format!("{what} of {left:?} and {right:?}");
        check(&label, &[a, b], |inputs| {
            operation(&inputs[0], &inputs[1]).expect("sizes that broadcast")
        });
    }
}

#[test]
fn add() {
    hold("add", -2.0, 2.0, Values::add);
}

#[test]
fn sub() {
    hold("sub", -2.0, 2.0, Values::sub);
}

#[test]
fn mul() {
    hold("mul", -2.0, 2.0, Values::mul);
}

#[test]
fn div() {
    hold("div", 0.3, 2.0, Values::div);
    hold("div by negative numbers", -2.0, -0.3, Values::div);
}

#[test]
fn pow_tensor() {
    hold("pow_tensor", 0.3, 2.5, Values::pow_tensor);
}

#[test]
fn maximum() {
    hold("maximum", -2.0, 2.0, Values::maximum);
}

#[test]
fn minimum() {
    hold("minimum", -2.0, 2.0, Values::minimum);
}

#[test]
fn one_tensor_on_both_sides() {
    let x = Chance::new(1).uniform(&[3, 2], 0.5, 2.0);
    check("x * x", from_ref(&x), |inputs| {
        inputs[0].mul(&inputs[0]).expect("the same sizes")
    });
    check("x / x", from_ref(&x), |inputs| {
        inputs[0].div(&inputs[0]).expect("the same sizes")
    });
    check("x ^ x", &[x], |inputs| {
        inputs[0].pow_tensor(&inputs[0]).expect("the same sizes")
    });
}

#[test]
fn operators_of_typed_tensors() {
    let mut chance = Chance::new(2);
    let inputs = [chance.uniform(&[4, 3], 0.5, 2.0), chance.uniform(&[3], 0.5, 2.0)];
    let typed = |inputs: &[Values]| {
        let a = inputs[0]
            .clone()
            .try_into_shape::<dims![Batch, 3]>()
            .expect("the sizes above");
        let b = inputs[1].clone().try_into_shape::<dims![3]>().expect("the sizes above");
        (a, b)
    };
    check("a + b", &inputs, |inputs| {
        let (a, b) = typed(inputs);
        (&a + &b).into_dynamic()
    });
    check("b - a", &inputs, |inputs| {
        let (a, b) = typed(inputs);
        (b - a).into_dynamic()
    });
    check("a * b / a", &inputs, |inputs| {
        let (a, b) = typed(inputs);
        (&a * b / &a).into_dynamic()
    });
    check("b.maximum(a) + a.minimum(b) + a.pow_tensor(b)", &inputs, |inputs| {
        let (a, b) = typed(inputs);
        (b.maximum(&a) + a.minimum(&b) + a.pow_tensor(&b)).into_dynamic()
    });
}
