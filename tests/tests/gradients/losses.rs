//! The losses.

use tensor::{Batch, cross_entropy, dims, mse_loss};
use tests::Chance;
use tests::differences::{Values, check};

#[test]
fn cross_entropy_of_scores() {
    let mut chance = Chance::new(1);
    for sizes in [[1, 1], [1, 3], [4, 3], [9, 17], [3, 70]] {
        let labels = chance.labels(&sizes[..1], sizes[1]);
        check("cross_entropy", &[chance.normal(&sizes)], |inputs| {
            cross_entropy(&inputs[0], &labels)
                .expect("a label a row")
                .into_dynamic()
        });
    }
}

#[test]
fn cross_entropy_of_more_axes() {
    let mut chance = Chance::new(2);
    let labels = chance.labels(&[2, 3], 4);
    check("cross_entropy", &[chance.normal(&[2, 3, 4])], |inputs| {
        cross_entropy(&inputs[0], &labels)
            .expect("a label a row")
            .into_dynamic()
    });
    let label = chance.labels(&[], 5);
    check("cross_entropy", &[chance.normal(&[5])], |inputs| {
        cross_entropy(&inputs[0], &label).expect("a label a row").into_dynamic()
    });
}

#[test]
fn cross_entropy_of_a_transpose() {
    let mut chance = Chance::new(3);
    let labels = chance.labels(&[4], 3);
    check("cross_entropy", &[chance.normal(&[3, 4])], |inputs| {
        let scores = inputs[0].transpose(0, 1).expect("two axes");
        cross_entropy(&scores, &labels).expect("a label a row").into_dynamic()
    });
}

#[test]
fn mean_squared_error() {
    let mut chance = Chance::new(4);
    for sizes in [&[1][..], &[3], &[4, 3], &[2, 3, 4], &[33, 65]] {
        let target: Values = chance.normal(sizes);
        let loss = |x: &Values, y: &Values| mse_loss(x, y).expect("the same sizes").into_dynamic();
        check("mse_loss", &[chance.normal(sizes)], |inputs| loss(&inputs[0], &target));
        check(
            "mse_loss, target as well",
            &[chance.normal(sizes), target.clone()],
            |inputs| loss(&inputs[0], &inputs[1]),
        );
        check("mse_loss, target alone", &[chance.normal(sizes)], |inputs| {
            loss(&target, &inputs[0])
        });
    }
}

#[test]
fn losses_of_typed_tensors() {
    let mut chance = Chance::new(5);
    let labels = chance
        .labels(&[4], 3)
        .try_into_shape::<dims![Batch]>()
        .expect("four labels");
    let typed = |inputs: &[Values]| {
        inputs[0]
            .clone()
            .try_into_shape::<dims![Batch, 3]>()
            .expect("the sizes below")
    };
    check("cross_entropy", &[chance.normal(&[4, 3])], |inputs| {
        cross_entropy(&typed(inputs), &labels).into_dynamic()
    });
    check("3 mse_loss^2", &[chance.normal(&[4, 3])], |inputs| {
        let x = typed(inputs);
        (mse_loss(&x, &x.detach().full_like(0.5)).square() * 3.0).into_dynamic()
    });
}
