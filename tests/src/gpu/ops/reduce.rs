//! Reductions over all elements and along every axis, kept and gone, of views as well; the places of extremes.

use tensor::{Dynamic, Float, Result, Tensor};

use super::{Check, in_both_types};
use crate::Chance;
use crate::gpu::sides::{Numbers, Tolerance, Values, agree, numbers, same, sure, values};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    in_both_types!("reduce": random_sizes long_axes views several_axes ties_and_special_numbers places_of_extremes places_of_ties)
}

/// A reduction: of all elements, along an axis that goes, along an axis that stays.
type Operation<T> = (
    &'static str,
    fn(&Values<T>) -> Tensor<(), T>,
    fn(&Values<T>, isize) -> Result<Values<T>>,
    fn(&Values<T>, isize) -> Result<Values<T>>,
);

fn operations<T: Float>() -> Vec<Operation<T>> {
    vec![
        ("sum", Values::sum, Values::sum_axis, Values::sum_keep),
        ("mean", Values::mean, Values::mean_axis, Values::mean_keep),
        ("max", Values::max, Values::max_axis, Values::max_keep),
        ("min", Values::min, Values::min_axis, Values::min_keep),
        ("prod", Values::prod, Values::prod_axis, Values::prod_keep),
    ]
}

/// Over all elements, and along each axis of what a view makes of `x`.
#[track_caller]
fn hold<T: Float>((name, all, gone, kept): &Operation<T>, x: &Values<T>, view: impl Fn(&Values<T>) -> Values<T>) {
    let x = std::slice::from_ref(x);
    let sizes = view(&x[0]).sizes().to_vec();
    // Of nothing there is no extreme.
    let is_extreme = ["max", "min"].contains(name);
    if !is_extreme || !sizes.contains(&0) {
        agree(name, Tolerance::SUMS, x, |inputs| all(&view(&inputs[0])).into_dynamic());
    }
    for axis in (0..sizes.len()).filter(|&axis| !is_extreme || sizes[axis] > 0) {
        let axis = axis as isize;
        agree(&format!("{name}_axis({axis})"), Tolerance::SUMS, x, |inputs| {
            gone(&view(&inputs[0]), axis).expect("an axis of the view")
        });
        agree(&format!("{name}_keep({axis})"), Tolerance::SUMS, x, |inputs| {
            kept(&view(&inputs[0]), axis).expect("an axis of the view")
        });
    }
}

/// Numbers whose products stay near 1.
fn about_one<T: Float>(chance: &mut Chance, sizes: &[usize]) -> Values<T> {
    chance.uniform(sizes, 0.8, 1.25)
}

fn random_sizes<T: Float>() {
    let mut chance = Chance::new(1);
    for operation in operations::<T>() {
        for rank in 0..=4 {
            let sizes = chance.sizes(rank);
            hold(&operation, &chance.normal(&sizes), Values::clone);
        }
        for sizes in [&[0][..], &[0, 3], &[3, 0], &[1, 1]] {
            hold(&operation, &chance.normal(sizes), Values::clone);
        }
    }
}

/// Past a block of threads along the axis, before it and behind it.
fn long_axes<T: Float>() {
    let mut chance = Chance::new(2);
    for operation in operations::<T>() {
        for sizes in [
            &[5003][..],
            &[2, 1031],
            &[1031, 2],
            &[33, 65],
            &[3, 129, 5],
            &[70, 3, 1],
        ] {
            hold(&operation, &about_one(&mut chance, sizes), Values::clone);
        }
    }
}

fn views<T: Float>() {
    let mut chance = Chance::new(3);
    for operation in operations::<T>() {
        let x = about_one(&mut chance, &[4, 3, 7]);
        hold(&operation, &x, |x| x.transpose(0, 2).expect("three axes"));
        hold(&operation, &x, |x| x.transpose(0, 1).expect("three axes"));
        let x = about_one(&mut chance, &[3, 1]);
        hold(&operation, &x, |x| {
            x.broadcast_to(&[2, 3, 5]).expect("sizes that stretch")
        });
    }
}

/// What broadcasting goes back by: sums along any set of axes.
fn several_axes<T: Float>() {
    let mut chance = Chance::new(4);
    let full = [3, 4, 2, 5];
    for set in 0..16_usize {
        let sizes: Vec<usize> = full
            .iter()
            .enumerate()
            .map(|(axis, &size)| if set >> axis & 1 == 1 { 1 } else { size })
            .collect();
        let inputs = [chance.normal::<T>(&sizes), chance.normal(&full)];
        agree("mul", Tolerance::SUMS, &inputs, |inputs| {
            inputs[0].mul(&inputs[1]).expect("sizes that broadcast")
        });
        agree("broadcast_to", Tolerance::SUMS, &inputs[..1], |inputs| {
            inputs[0]
                .broadcast_to(&[2, 3, 4, 2, 5])
                .expect("sizes that stretch")
                .square()
        });
    }
}

/// Whole numbers, so that many are the largest, and zeros that make products vanish; rows with NaN and infinities.
fn ties_and_special_numbers<T: Float>() {
    let mut chance = Chance::new(5);
    let data: Vec<f64> = (0..9 * 7).map(|_| chance.below(3) as f64 - 1.0).collect();
    let ties = values::<T>(&data, &[9, 7]);
    let (nan, infinity) = (f64::NAN, f64::INFINITY);
    let rows = [
        [nan, 1.0, 2.0],
        [1.0, nan, infinity],
        [-infinity, -1.0, -2.0],
        [infinity, -infinity, 0.0],
        [0.0, 0.0, 5.0],
        [0.0, 3.0, 5.0],
        [-0.0, 0.0, -0.0],
    ];
    let special = values::<T>(&rows.concat(), &[7, 3]);
    for operation in operations::<T>() {
        hold(&operation, &ties, Values::clone);
        hold(&operation, &special, Values::clone);
    }
}

type Place<T> = (&'static str, fn(&Values<T>) -> Result<Tensor<Dynamic, i64>>);

fn places<T: Float>() -> [Place<T>; 2] {
    [("argmax", Values::argmax), ("argmin", Values::argmin)]
}

fn same_places<T: Float>(x: &Values<T>, view: impl Fn(&Values<T>) -> Values<T>) {
    for (name, place) in places::<T>() {
        same::<T>(&format!("{name} of {:?}", x.sizes()), Tolerance::NONE, |device| {
            let found = place(&view(&sure(name, x.to(device)))).expect("rows with elements");
            assert_eq!(found.device(), device);
            Numbers::from([("places".to_owned(), numbers(name, &found))])
        });
    }
}

fn places_of_extremes<T: Float>() {
    let mut chance = Chance::new(6);
    for sizes in [
        &[1][..],
        &[7],
        &[3, 1],
        &[4, 33],
        &[0, 3],
        &[2, 3, 5],
        &[5, 1031],
        &[1031, 5],
    ] {
        same_places::<T>(&chance.normal(sizes), Values::clone);
    }
    same_places::<T>(&chance.normal(&[17, 5, 3]), |x| x.transpose(0, 2).expect("three axes"));
}

/// The first of several, wherever a block of threads is cut; NaN before all others.
fn places_of_ties<T: Float>() {
    let mut chance = Chance::new(7);
    for cols in [2, 31, 64, 300, 2050] {
        let data: Vec<f64> = (0..6 * cols).map(|_| chance.below(3) as f64).collect();
        same_places(&values::<T>(&data, &[6, cols]), Values::clone);
        let mut data = vec![1.0; 3 * cols];
        data[cols + cols / 2] = f64::NAN;
        data[2 * cols + cols - 1] = f64::NAN;
        same_places(&values::<T>(&data, &[3, cols]), Values::clone);
    }
}
