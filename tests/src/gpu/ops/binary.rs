//! Elementwise operations on two tensors, with broadcasting in both directions, of views as well.

use tensor::{Float, Result};

use super::{Check, in_both_types};
use crate::Chance;
use crate::gpu::sides::{Tolerance, Values, agree, values};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    in_both_types!("binary": sizes_that_broadcast random_sizes long_tensors views ties_and_special_numbers one_tensor_on_both_sides)
}

type Operation<T> = (
    &'static str,
    std::ops::Range<f64>,
    fn(&Values<T>, &Values<T>) -> Result<Values<T>>,
);

fn operations<T: Float>() -> Vec<Operation<T>> {
    vec![
        ("add", -2.0..2.0, Values::add),
        ("sub", -2.0..2.0, Values::sub),
        ("mul", -2.0..2.0, Values::mul),
        ("div", 0.3..2.0, Values::div),
        ("pow_tensor", 0.3..2.5, Values::pow_tensor),
        ("maximum", -2.0..2.0, Values::maximum),
        ("minimum", -2.0..2.0, Values::minimum),
    ]
}

/// Sizes that broadcast with each other.
const PAIRS: &[(&[usize], &[usize])] = &[
    (&[], &[]),
    (&[3], &[]),
    (&[], &[2, 3]),
    (&[4], &[1]),
    (&[2, 3], &[3]),
    (&[2, 1], &[3]),
    (&[1, 3], &[2, 1]),
    (&[2, 3, 4], &[3, 1]),
    (&[2, 1, 4], &[5, 2, 3, 1]),
    (&[0], &[1]),
    (&[1], &[0]),
    (&[0, 3], &[3]),
    (&[2, 1], &[2, 0]),
    (&[1, 1], &[1]),
    (&[33, 17], &[17]),
    (&[33, 17], &[33, 1]),
    (&[2, 1, 3, 1, 2], &[1, 4, 1, 3, 1]),
];

fn hold<T: Float>(
    (name, range, operation): &Operation<T>,
    left: &[usize],
    right: &[usize],
    chance: &mut Chance,
    view: impl Fn(&Values<T>) -> Values<T>,
) {
    let inputs = [left, right].map(|sizes| chance.uniform(sizes, range.start, range.end));
    agree(name, Tolerance::FUNCTIONS, &inputs, |inputs| {
        operation(&view(&inputs[0]), &inputs[1]).expect("sizes that broadcast")
    });
}

fn sizes_that_broadcast<T: Float>() {
    let mut chance = Chance::new(1);
    for operation in operations::<T>() {
        for (left, right) in PAIRS {
            hold(&operation, left, right, &mut chance, Values::clone);
        }
    }
}

fn random_sizes<T: Float>() {
    let mut chance = Chance::new(2);
    for operation in operations::<T>() {
        for rank in 0..=5 {
            let sizes = chance.sizes(rank);
            hold(&operation, &sizes, &sizes, &mut chance, Values::clone);
        }
    }
}

fn long_tensors<T: Float>() {
    let mut chance = Chance::new(3);
    for operation in operations::<T>() {
        hold(&operation, &[3079], &[3079], &mut chance, Values::clone);
        hold(&operation, &[131, 67], &[67], &mut chance, Values::clone);
    }
}

/// Strides of any order, and of 0.
fn views<T: Float>() {
    let mut chance = Chance::new(4);
    let flip = |x: &Values<T>| x.transpose(0, -1).expect("an axis or more");
    for operation in operations::<T>() {
        hold(&operation, &[5, 3], &[3, 5], &mut chance, flip);
        hold(&operation, &[4, 3, 2], &[2, 3, 4], &mut chance, flip);
        hold(&operation, &[40, 37], &[37, 40], &mut chance, flip);
        hold(&operation, &[3, 1], &[7, 3, 4], &mut chance, |x| {
            x.broadcast_to(&[7, 3, 4]).expect("sizes that stretch")
        });
        let inputs = [[2, 6, 3], [2, 3, 6]].map(|sizes| chance.uniform(&sizes, 0.3, 2.0));
        agree(operation.0, Tolerance::FUNCTIONS, &inputs, |inputs| {
            let left = inputs[0].transpose(0, 1).and_then(|x| x.transpose(1, 2));
            let right = inputs[1].transpose(0, 2);
            (operation.2)(&left.expect("three axes"), &right.expect("three axes")).expect("the same sizes")
        });
    }
}

/// What is equal shares a gradient; NaN wins; powers of zero.
fn ties_and_special_numbers<T: Float>() {
    let numbers = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        2.0,
        -2.0,
        0.5,
        3.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    let count = numbers.len();
    let (column, row) = (values::<T>(&numbers, &[count, 1]), values::<T>(&numbers, &[count]));
    let stretch = |x: &Values<T>| x.broadcast_to(&[count, count]).map(|x| x.contiguous());
    for (name, _, operation) in operations::<T>() {
        // Of every pair by itself: a sum of gradients with one NaN among them would hide the others.
        let pairs = [stretch(&column), stretch(&row)].map(|x| x.expect("sizes that stretch"));
        agree(name, Tolerance::FUNCTIONS, &pairs, |inputs| {
            operation(&inputs[0], &inputs[1]).expect("the same sizes")
        });
    }
}

fn one_tensor_on_both_sides<T: Float>() {
    let mut chance = Chance::new(5);
    for (name, _, operation) in operations::<T>() {
        let x = chance.uniform(&[3, 3], 0.5, 2.0);
        agree(
            &format!("{name} of x and its transpose"),
            Tolerance::FUNCTIONS,
            &[x],
            |inputs| {
                let x = &inputs[0];
                let both = operation(x, x).and_then(|own| own.add(&operation(x, &x.transpose(0, 1)?)?));
                both.expect("the same sizes")
            },
        );
    }
}
