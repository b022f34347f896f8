//! Matrix products of all ranks, of views as well, and linear layers.

use tensor::dynamic::Layer as _;
use tensor::{Float, Seed, dynamic};

use super::{Check, in_both_types};
use crate::Chance;
use crate::gpu::sides::{Numbers, Tolerance, Values, agree, numbers, same, sure};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    in_both_types!("matmul": sizes_that_multiply past_a_tile transposed_operands views_of_any_strides linear_layers)
}

/// Sizes that multiply with each other.
const PAIRS: &[(&[usize], &[usize])] = &[
    (&[3], &[3]),
    (&[1], &[1]),
    (&[0], &[0]),
    (&[3], &[3, 2]),
    (&[4, 3], &[3]),
    (&[4, 3], &[3, 2]),
    (&[1, 1], &[1, 1]),
    (&[1, 7], &[7, 1]),
    (&[0, 3], &[3, 2]),
    (&[4, 0], &[0, 2]),
    (&[4, 3], &[3, 0]),
    (&[5, 4, 3], &[3, 2]),
    (&[4, 3], &[5, 3, 2]),
    (&[5, 4, 3], &[5, 3, 2]),
    (&[1, 4, 3], &[5, 3, 2]),
    (&[3], &[5, 3, 2]),
    (&[5, 4, 3], &[3]),
    (&[2, 1, 2, 3], &[4, 3, 2]),
    (&[2, 0, 2, 3], &[3, 2]),
    (&[17, 33], &[33, 19]),
];

fn product<T: Float>(left: &Values<T>, right: &Values<T>) -> Values<T> {
    left.matmul(right).expect("sizes that multiply")
}

fn sizes_that_multiply<T: Float>() {
    let mut chance = Chance::new(1);
    for (left, right) in PAIRS {
        let inputs = [chance.normal::<T>(left), chance.normal(right)];
        agree("matmul", Tolerance::SUMS, &inputs, |inputs| {
            product(&inputs[0], &inputs[1])
        });
    }
}

/// Past the tiles of the kernels in each of the three sizes, and long sums of small results.
fn past_a_tile<T: Float>() {
    let mut chance = Chance::new(2);
    for [m, k, n] in [
        [129, 131, 130],
        [65, 7, 67],
        [1, 300, 129],
        [200, 1, 3],
        [3, 2111, 5],
        [64, 64, 64],
    ] {
        let inputs = [chance.normal::<T>(&[m, k]), chance.normal(&[k, n])];
        agree("matmul", Tolerance::SUMS, &inputs, |inputs| {
            product(&inputs[0], &inputs[1])
        });
    }
}

fn flip<T: Float>(x: &Values<T>) -> Values<T> {
    x.transpose(-1, -2).expect("two axes")
}

fn transposed_operands<T: Float>() {
    let mut chance = Chance::new(3);
    for [m, k, n] in [[5, 3, 4], [1, 9, 2], [66, 35, 70]] {
        let inputs = [chance.normal::<T>(&[k, m]), chance.normal(&[n, k])];
        agree("a^T b^T", Tolerance::SUMS, &inputs, |inputs| {
            product(&flip(&inputs[0]), &flip(&inputs[1]))
        });
        let inputs = [chance.normal::<T>(&[k, m]), chance.normal(&[k, n])];
        agree("a^T b", Tolerance::SUMS, &inputs, |inputs| {
            product(&flip(&inputs[0]), &inputs[1])
        });
        let inputs = [chance.normal::<T>(&[m, k]), chance.normal(&[n, k])];
        agree("a b^T", Tolerance::SUMS, &inputs, |inputs| {
            product(&inputs[0], &flip(&inputs[1]))
        });
        agree("a a^T", Tolerance::SUMS, &inputs[..1], |inputs| {
            product(&inputs[0], &flip(&inputs[0]))
        });
    }
    let inputs = [chance.normal::<T>(&[5, 3, 4]), chance.normal(&[5, 2, 3])];
    agree("a batch of a^T b^T", Tolerance::SUMS, &inputs, |inputs| {
        product(&flip(&inputs[0]), &flip(&inputs[1]))
    });
}

/// Matrices whose rows and columns are both strided, and rows that repeat.
fn views_of_any_strides<T: Float>() {
    let mut chance = Chance::new(4);
    let inputs = [chance.normal::<T>(&[4, 2, 3]), chance.normal(&[3, 2, 5])];
    agree("matmul of inner axes", Tolerance::SUMS, &inputs, |inputs| {
        // [2, 4, 3] and [2, 3, 5], with the batch in the middle of memory.
        let left = inputs[0].transpose(0, 1).expect("three axes");
        product(&left, &inputs[1].transpose(0, 1).expect("three axes"))
    });
    let inputs = [chance.normal::<T>(&[3, 4, 2]), chance.normal(&[3, 2])];
    agree(
        "matmul of a batch that is last in memory",
        Tolerance::SUMS,
        &inputs,
        |inputs| product(&inputs[0].transpose(0, 2).expect("three axes"), &inputs[1]),
    );
    let inputs = [chance.normal::<T>(&[1, 6]), chance.normal(&[6, 1])];
    agree("matmul of repeated rows", Tolerance::SUMS, &inputs, |inputs| {
        let rows = inputs[0].broadcast_to(&[5, 6]).expect("sizes that stretch");
        product(&rows, &inputs[1].broadcast_to(&[6, 4]).expect("sizes that stretch"))
    });
}

fn linear_layers<T: Float>() {
    let mut chance = Chance::new(5);
    for (inputs, outputs) in [(3, 2), (1, 1), (17, 33), (4, 1), (130, 67)] {
        for (lead, bias) in [
            (vec![5], true),
            (vec![], true),
            (vec![0], true),
            (vec![2, 3], false),
            (vec![70], false),
        ] {
            let sizes: Vec<usize> = lead.into_iter().chain([inputs]).collect();
            let (x, seed) = (chance.normal::<T>(&sizes), Seed(chance.number()));
            same::<T>(
                &format!("linear({inputs}, {outputs}) of {sizes:?}"),
                Tolerance::SUMS,
                |device| {
                    let layer = if bias {
                        dynamic::Linear::<T>::new(&device, seed, inputs, outputs)
                    } else {
                        dynamic::Linear::without_bias(&device, seed, inputs, outputs)
                    };
                    let layer = sure("linear", layer);
                    let x = sure("linear", x.to(device)).requires_grad();
                    let out = layer.forward(&x).expect("a last axis that fits");
                    let weights = Chance::new(7).normal::<T>(out.sizes());
                    sure("linear", out.backward_with(&sure("linear", weights.to(device))));
                    let gradient = |x: &Values<T>| numbers("linear", &x.grad().expect("a gradient"));
                    let mut all = Numbers::from([
                        ("result".to_owned(), numbers("linear", &out)),
                        ("gradient of the input".to_owned(), gradient(&x)),
                        ("weight".to_owned(), numbers("linear", &*layer.weight)),
                        ("gradient of the weight".to_owned(), gradient(&layer.weight)),
                    ]);
                    if let Some(bias) = &layer.bias {
                        all.insert("gradient of the bias".to_owned(), gradient(bias));
                    }
                    all
                },
            );
        }
    }
}
