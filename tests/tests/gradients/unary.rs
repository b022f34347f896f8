//! Elementwise operations on one tensor, with all attributes.

use std::slice::from_ref;

use tests::Chance;
use tests::differences::{Values, check};

/// Checks an operation on numbers of `[low, high)`, in three shapes of each rank.
#[track_caller]
fn hold(what: &str, low: f64, high: f64, operation: impl Fn(&Values) -> Values) {
    let mut chance = Chance::new(what.bytes().map(u64::from).sum());
    for rank in 0..=4 {
        for _ in 0..3 {
            let sizes = chance.sizes(rank);
            let x = chance.uniform(&sizes, low, high);
            check(what, &[x], |inputs| operation(&inputs[0]));
        }
    }
    // Longer than a vector of lanes and a block of a kernel, with a rest.
    let x = chance.uniform(&[1037], low, high);
    check(what, &[x], |inputs| operation(&inputs[0]));
}

macro_rules! plain {
    ($($name:ident $low:literal..$high:literal;)*) => {
        $(
            #[test]
            fn $name() {
                hold(stringify!($name), $low, $high, Values::$name);
            }
        )*
    };
}

plain! {
    relu -3.0..3.0;
    tanh -4.0..4.0;
    sigmoid -6.0..6.0;
    gelu -5.0..5.0;
    gelu_tanh -5.0..5.0;
    silu -6.0..6.0;
    neg -3.0..3.0;
    abs -3.0..3.0;
    square -3.0..3.0;
    sqrt 0.1..4.0;
    reciprocal 0.2..4.0;
    exp -3.0..3.0;
    log 0.2..5.0;
    sin -7.0..7.0;
    cos -7.0..7.0;
    erf -3.0..3.0;
}

#[test]
fn reciprocal_of_negative_numbers() {
    hold("reciprocal", -4.0, -0.2, Values::reciprocal);
}

#[test]
fn leaky_relu() {
    for slope in [0.01, 0.3, 1.0, 0.0, -0.5, 2.0] {
        hold("leaky_relu", -3.0, 3.0, |x| x.leaky_relu(slope));
    }
}

#[test]
fn elu() {
    for alpha in [1.0, 0.3, 2.5, 0.0, -0.7] {
        hold("elu", -4.0, 3.0, |x| x.elu(alpha));
    }
}

#[test]
fn softplus() {
    for (beta, threshold) in [(1.0, 20.0), (2.0, 20.0), (0.5, 15.0), (7.0, 20.0)] {
        hold("softplus", -4.0, 4.0, |x| x.softplus(beta, threshold));
    }
}

#[test]
fn softplus_on_either_side_of_its_threshold() {
    hold("softplus, below", -4.0, 0.9, |x| x.softplus(2.0, 2.0));
    hold("softplus, above", 1.1, 4.0, |x| x.softplus(2.0, 2.0));
    hold("softplus, above a negative threshold", -4.0, 4.0, |x| {
        x.softplus(2.0, -100.0)
    });
}

#[test]
fn pow() {
    for exponent in [0.0, 1.0, 2.0, 3.0, -1.0, -2.0] {
        hold("pow", -3.0, -0.3, |x| x.pow(exponent));
        hold("pow", 0.3, 3.0, |x| x.pow(exponent));
    }
    for exponent in [0.5, 1.7, -0.5, std::f64::consts::PI] {
        hold("pow", 0.3, 3.0, |x| x.pow(exponent));
    }
}

#[test]
fn affine() {
    for (scale, shift) in [(1.0, 0.0), (-2.5, 0.3), (0.0, 4.0)] {
        hold("affine", -3.0, 3.0, |x| x.affine(scale, shift));
    }
}

#[test]
fn numbers_on_the_right_of_an_operator() {
    hold("x + 2", -3.0, 3.0, |x| x + 2.0);
    hold("x - 2", -3.0, 3.0, |x| x - 2.0);
    hold("x * 3", -3.0, 3.0, |x| x * 3.0);
    hold("x / 3", -3.0, 3.0, |x| x / 3.0);
    hold("-x", -3.0, 3.0, |x| -x);
}

#[test]
fn what_is_not_contiguous() {
    let x = Chance::new(5).uniform(&[3, 4], 0.5, 2.0);
    check("exp of a transpose", from_ref(&x), |inputs| {
        inputs[0].transpose(0, 1).expect("two axes").exp()
    });
    check("log of a broadcast", &[x], |inputs| {
        inputs[0].broadcast_to(&[2, 3, 4]).expect("a new axis").log()
    });
}
