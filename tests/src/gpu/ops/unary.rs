//! Elementwise operations on one tensor, with all attributes.

use tensor::{Element, Float};

use super::{Check, in_both_types};
use crate::Chance;
use crate::gpu::sides::{Tolerance, Values, agree, numbers, same, values};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    in_both_types!("unary": random_sizes long_tensors what_is_not_contiguous special_numbers several_in_a_row numbers_beside_operators)
}

/// An operation, and the numbers that it is for.
type Operation<T> = (&'static str, std::ops::Range<f64>, fn(&Values<T>) -> Values<T>);

fn operations<T: Float>() -> Vec<Operation<T>> {
    vec![
        ("relu", -3.0..3.0, |x| x.relu()),
        ("tanh", -4.0..4.0, |x| x.tanh()),
        ("sigmoid", -6.0..6.0, |x| x.sigmoid()),
        ("gelu", -5.0..5.0, |x| x.gelu()),
        ("gelu_tanh", -5.0..5.0, |x| x.gelu_tanh()),
        ("silu", -6.0..6.0, |x| x.silu()),
        ("neg", -3.0..3.0, |x| x.neg()),
        ("abs", -3.0..3.0, |x| x.abs()),
        ("square", -3.0..3.0, |x| x.square()),
        ("sqrt", 0.1..4.0, |x| x.sqrt()),
        ("reciprocal", 0.2..4.0, |x| x.reciprocal()),
        ("exp", -3.0..3.0, |x| x.exp()),
        ("log", 0.2..5.0, |x| x.log()),
        ("sin", -7.0..7.0, |x| x.sin()),
        ("cos", -7.0..7.0, |x| x.cos()),
        ("erf", -3.0..3.0, |x| x.erf()),
        ("leaky_relu", -3.0..3.0, |x| x.leaky_relu(0.3)),
        ("leaky_relu, slope 0", -3.0..3.0, |x| x.leaky_relu(0.0)),
        ("leaky_relu, slope -0.5", -3.0..3.0, |x| x.leaky_relu(-0.5)),
        ("elu", -4.0..3.0, |x| x.elu(1.3)),
        ("elu, alpha -0.7", -4.0..3.0, |x| x.elu(-0.7)),
        ("softplus", -4.0..4.0, |x| x.softplus(2.0, 20.0)),
        ("softplus about its threshold", -4.0..4.0, |x| x.softplus(2.0, 2.0)),
        ("pow(0)", -3.0..3.0, |x| x.pow(0.0)),
        ("pow(1)", -3.0..3.0, |x| x.pow(1.0)),
        ("pow(2)", -3.0..3.0, |x| x.pow(2.0)),
        ("pow(3)", -3.0..3.0, |x| x.pow(3.0)),
        ("pow(-1)", 0.3..3.0, |x| x.pow(-1.0)),
        ("pow(-2) of negative numbers", -3.0..-0.3, |x| x.pow(-2.0)),
        ("pow(1/2)", 0.3..3.0, |x| x.pow(0.5)),
        ("pow(1.7)", 0.3..3.0, |x| x.pow(1.7)),
        ("affine", -3.0..3.0, |x| x.affine(-2.5, 0.3)),
    ]
}

fn random_sizes<T: Float>() {
    for (name, range, operation) in operations::<T>() {
        let mut chance = Chance::new(name.bytes().map(u64::from).sum());
        for rank in 0..=4 {
            let x = chance.uniform(&chance.clone().sizes(rank), range.start, range.end);
            agree(name, Tolerance::FUNCTIONS, &[x], |inputs| operation(&inputs[0]));
        }
    }
}

/// Past a block of threads, with a rest of every kind of four.
fn long_tensors<T: Float>() {
    let mut chance = Chance::new(1);
    for (index, (name, range, operation)) in operations::<T>().into_iter().enumerate() {
        let x = chance.uniform(&[2048 + 1021 + index % 4], range.start, range.end);
        agree(name, Tolerance::FUNCTIONS, &[x], |inputs| operation(&inputs[0]));
    }
    let x = chance.normal::<T>(&[70_001]);
    agree("square", Tolerance::FUNCTIONS, &[x], |inputs| inputs[0].square());
}

fn what_is_not_contiguous<T: Float>() {
    let mut chance = Chance::new(2);
    for (name, range, operation) in operations::<T>() {
        let x = chance.uniform(&[3, 1, 7, 5], range.start, range.end);
        agree(
            &format!("{name} of a transpose"),
            Tolerance::FUNCTIONS,
            &[x],
            |inputs| operation(&inputs[0].transpose(0, 2).expect("four axes")),
        );
        let x = chance.uniform(&[4, 1], range.start, range.end);
        agree(
            &format!("{name} of a broadcast"),
            Tolerance::FUNCTIONS,
            &[x],
            |inputs| operation(&inputs[0].broadcast_to(&[2, 4, 3]).expect("sizes that stretch")),
        );
    }
}

/// Zeros, infinities, NaN, the largest and the smallest numbers, and those about which functions change.
fn special_numbers<T: Float>() {
    let numbers = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -0.5,
        2.0,
        10.0,
        -10.0,
        20.0,
        20.5,
        -20.0,
        89.0,
        -89.0,
        105.0,
        -105.0,
        710.0,
        -746.0,
        1e-6,
        -1e-6,
        1e-30,
        -1e-30,
        1e-40,
        1e30,
        -1e30,
        3e38,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    for (name, _, operation) in operations::<T>() {
        // The sine of what is far from 0 is a matter of the bits of pi; it is not compared.
        let far = match name {
            "sin" | "cos" => 1e3,
            _ => f64::INFINITY,
        };
        let numbers: Vec<f64> = numbers.into_iter().filter(|x| x.is_nan() || x.abs() <= far).collect();
        let x = values::<T>(&numbers, &[numbers.len()]);
        agree(name, Tolerance::FUNCTIONS, &[x], |inputs| operation(&inputs[0]));
    }
}

fn several_in_a_row<T: Float>() {
    let x = Chance::new(4).uniform::<T>(&[33, 17], 0.5, 2.0);
    agree("a chain of operations", Tolerance::FUNCTIONS, &[x], |inputs| {
        inputs[0].log().tanh().affine(2.0, 0.1).gelu().square().sigmoid()
    });
}

fn numbers_beside_operators<T: Float>() {
    let two: T = Element::from_f64(2.0);
    let x = Chance::new(5).uniform::<T>(&[3, 5], 0.5, 2.0);
    agree(
        "x + 2 - 2 x / 2",
        Tolerance::FUNCTIONS,
        std::slice::from_ref(&x),
        |inputs| {
            let x = &inputs[0];
            (x + two).sub(&(x * two / two)).expect("the same sizes")
        },
    );
    agree("-x", Tolerance::NONE, &[x], |inputs| -&inputs[0]);
    same::<f32>("2 / x - (1 - x)", Tolerance::FUNCTIONS, |device| {
        let x = Values::<f32>::on(device, &[0.5, 1.0, 3.0], &[3]).expect("three numbers");
        let out = (2.0 / &x).sub(&(1.0 - &x)).expect("the same sizes");
        [("result".to_owned(), numbers("2 / x", &out))].into()
    });
}
