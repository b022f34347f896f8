//! First and second derivatives of the losses.

use tensor::autograd::{Tolerance, gradcheck, gradgradcheck};
use tensor::functional::*;
// It has a namesake in the prelude.
use tensor::functional::cross_entropy;
use tensor::prelude::*;

type Numbers = Tensor<Dynamic, f64>;

#[track_caller]
fn check(function: impl Fn(&[Numbers]) -> tensor::Result<Numbers> + Copy, inputs: &[&Numbers]) {
    gradcheck(function, inputs, Tolerance::default()).unwrap();
    gradgradcheck(function, inputs, Tolerance::default()).unwrap();
}

fn normal(sizes: &[usize], seed: u64) -> Numbers {
    Tensor::randn(sizes, seed).unwrap()
}

#[test]
fn of_the_losses_of_a_training_step() {
    let (x, y) = (normal(&[4, 3], 1), normal(&[4, 3], 2));
    let labels = Tensor::from(vec![0i64, 2, 1, 1]);
    check(
        |x| Ok(tensor::cross_entropy(&x[0].mul(&x[0])?, &labels)?.into_dynamic()),
        &[&x],
    );
    check(|x| Ok(tensor::mse_loss(&x[0].mul(&x[0])?, &y)?.into_dynamic()), &[&x]);
    check(|x| Ok(tensor::mse_loss(&x[0], &x[1])?.into_dynamic()), &[&x, &y]);
}

#[test]
fn of_classes() {
    let (x, weight) = (normal(&[2, 3, 2], 3), Numbers::rand(&[3], 4).unwrap());
    let labels = Tensor::from_vec(vec![0i64, 2, -100, 1], &[2, 2]).unwrap();
    let options = || ClassOptions {
        weight: Some(&weight),
        label_smoothing: 0.1,
        ..Default::default()
    };
    check(|x| cross_entropy(&x[0], &labels, options()), &[&x]);
    let probabilities = normal(&[2, 3, 2], 5)
        .transpose(1, 2)
        .unwrap()
        .softmax()
        .transpose(1, 2)
        .unwrap();
    check(|x| cross_entropy(&x[0], &x[1], options()), &[&x, &probabilities]);
}

#[test]
fn of_numbers() {
    let (x, y) = (normal(&[2, 3], 6), normal(&[3], 7));
    check(|x| smooth_l1_loss(&x[0], &x[1], 0.7, Reduction::Mean), &[&x, &y]);
    check(|x| huber_loss(&x[0], &x[1], 0.7, Reduction::None), &[&x, &y]);
    let (p, t) = (x.sigmoid(), Numbers::rand(&[2, 3], 8).unwrap());
    check(|x| binary_cross_entropy(&x[0], &x[1], None, Reduction::Sum), &[&p, &t]);
    check(|x| kl_div(&x[0], &x[1], false, Reduction::Mean), &[&x, &t]);
    check(|x| soft_margin_loss(&x[0], &x[1], Reduction::Mean), &[&x, &y]);
    let counts = PoissonOptions {
        full: true,
        ..Default::default()
    };
    let many = t.affine(3., 1.5);
    check(|x| poisson_nll_loss(&x[0], &x[1], counts), &[&x, &many]);
    let variance = t.affine(1., 0.5);
    check(
        |x| gaussian_nll_loss(&x[0], &x[1], &x[2], GaussianOptions::default()),
        &[&x, &y, &variance],
    );
}

#[test]
fn of_distances() {
    let (a, b, c) = (normal(&[2, 3], 9), normal(&[2, 3], 10), normal(&[2, 3], 11));
    for p in [1.5, 2., 3.] {
        let options = TripletOptions {
            p,
            margin: 10.,
            swap: true,
            ..Default::default()
        };
        check(|x| triplet_margin_loss(&x[0], &x[1], &x[2], options), &[&a, &b, &c]);
    }
    let target = Tensor::from(vec![1., -1.]);
    check(
        |x| cosine_embedding_loss(&x[0], &x[1], &target, -0.5, Reduction::None),
        &[&a, &b],
    );
}

#[test]
fn of_sequences_once() {
    let scores = normal(&[5, 2, 4], 12);
    let targets = Tensor::from_vec(vec![1i64, 1, 2, 3], &[2, 2]).unwrap();
    let loss = |x: &[Numbers]| ctc_loss(&x[0].log_softmax(), &targets, &[5, 4], &[2, 2], CtcOptions::default());
    gradcheck(loss, &[&scores], Tolerance::default()).unwrap();
    let again = gradgradcheck(loss, &[&scores], Tolerance::default()).unwrap_err();
    assert!(
        again.to_string().contains("`ctc_loss` has no second derivative"),
        "{again}"
    );
}
