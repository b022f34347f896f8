//! The losses, and how they go back.

use tensor::{Float, Tensor, cross_entropy, mse_loss};

use super::{Check, in_both_types};
use crate::Chance;
use crate::gpu::sides::{Tolerance, Values, agree, device, values};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    in_both_types!("losses": cross_entropy_of_scores cross_entropy_of_views scores_far_apart mean_squared_error)
}

fn loss<T: Float>(scores: &Values<T>, labels: &Tensor<tensor::Dynamic, i64>) -> Values<T> {
    let labels = labels.to(scores.device()).expect("labels that can be moved");
    cross_entropy(scores, &labels).expect("a label a row").into_dynamic()
}

fn cross_entropy_of_scores<T: Float>() {
    let mut chance = Chance::new(1);
    for sizes in [
        &[1, 1][..],
        &[1, 3],
        &[4, 3],
        &[9, 17],
        &[3, 70],
        &[0, 3],
        &[300, 10],
        &[3, 5003],
        &[2, 3, 4],
        &[5],
    ] {
        let (&classes, rows) = sizes.split_last().expect("an axis of classes");
        let labels = chance.labels(rows, classes);
        agree(
            "cross_entropy",
            Tolerance::SUMS,
            &[chance.normal::<T>(sizes)],
            |inputs| loss(&inputs[0], &labels),
        );
    }
}

fn cross_entropy_of_views<T: Float>() {
    let mut chance = Chance::new(2);
    let labels = chance.labels(&[40, 3], 5).transpose(0, 1).expect("two axes");
    let x = chance.normal::<T>(&[5, 40, 3]);
    agree("cross_entropy of transposes", Tolerance::SUMS, &[x], |inputs| {
        // [3, 40, 5] with labels of [3, 40], neither of which lies row by row.
        loss(&inputs[0].transpose(0, 2).expect("three axes"), &labels)
    });
    let label = chance.labels(&[1], 4).broadcast_to(&[6]).expect("sizes that stretch");
    agree(
        "cross_entropy of one label",
        Tolerance::SUMS,
        &[chance.normal::<T>(&[6, 4])],
        |inputs| loss(&inputs[0], &label).affine(3.0, 0.5),
    );
}

fn scores_far_apart<T: Float>() {
    let x = values::<T>(&[1000.0, -1000.0, 0.0, -1e30, 1e30, 0.0, 88.0, 89.0, 90.0], &[3, 3]);
    for label in 0..3 {
        let labels = Tensor::from_vec(vec![label; 3], &[3]).expect("three labels");
        agree("cross_entropy", Tolerance::SUMS, std::slice::from_ref(&x), |inputs| {
            loss(&inputs[0], &labels)
        });
    }
}

fn mean_squared_error<T: Float>() {
    let mut chance = Chance::new(4);
    for sizes in [&[1][..], &[3], &[0], &[4, 3], &[2, 3, 4], &[33, 65], &[5003]] {
        let target = chance.normal::<T>(sizes);
        let there = |x: &Values<T>, target: &Values<T>| target.to(x.device()).expect("a target that can be moved");
        let loss = |x: &Values<T>, y: &Values<T>| mse_loss(x, y).expect("the same sizes").into_dynamic();
        let x = chance.normal::<T>(sizes);
        agree("mse_loss", Tolerance::SUMS, std::slice::from_ref(&x), |inputs| {
            loss(&inputs[0], &there(&inputs[0], &target))
        });
        agree(
            "mse_loss, target alone",
            Tolerance::SUMS,
            std::slice::from_ref(&x),
            |inputs| loss(&there(&inputs[0], &target), &inputs[0]),
        );
        agree(
            "mse_loss, target as well",
            Tolerance::SUMS,
            &[x, target.clone()],
            |inputs| loss(&inputs[0], &inputs[1]),
        );
    }
    let empty = Values::<T>::on(device(), &[], &[0]).expect("nothing");
    let loss = mse_loss(&empty, &empty)
        .expect("the same sizes")
        .item()
        .expect("a number");
    assert!(loss.as_f64().is_nan(), "the mean of nothing is {loss}");
}
