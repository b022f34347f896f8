//! What is dropped.

use tensor::dynamic::{AlphaDropout, Dropout, Dropout1d, Dropout3d, FeatureAlphaDropout, Layer};
use tensor::prelude::*;

use crate::Values;

fn ones(sizes: &[usize]) -> Values {
    Tensor::ones_of(sizes).expect("room")
}

fn numbers(layer: &impl Layer, x: &Values) -> Vec<f32> {
    let y = layer.forward(x).expect("sizes that fit");
    y.to_vec().expect("numbers")
}

#[test]
fn each_forward_drops_others_and_a_seed_the_same() {
    let made = |seed| Dropout::new(Seed(seed), 0.5).expect("a probability");
    let (layer, again, other) = (made(3), made(3), made(4));
    let x = ones(&[64]);
    let first = numbers(&layer, &x);
    let copy = layer.clone();
    let second = numbers(&layer, &x);
    assert_ne!(first, second);
    assert_eq!(
        (numbers(&again, &x), numbers(&again, &x)),
        (first.clone(), second.clone())
    );
    assert_eq!(numbers(&copy, &x), second, "a clone goes on from the same place");
    assert_ne!(numbers(&other, &x), first);
}

#[test]
fn as_many_are_dropped_as_the_probability_says() {
    let layer = Dropout::new(Seed(1), 0.2).expect("a probability");
    let y = numbers(&layer, &ones(&[20_000]));
    let dropped = y.iter().filter(|&&y| y == 0.).count() as f64 / 20_000.;
    assert!((dropped - 0.2).abs() < 0.02, "{dropped}");
    assert!(y.iter().all(|&y| y == 0. || y == 1.25));
}

#[test]
fn all_or_nothing() {
    let x = ones(&[2, 3, 2]);
    for p in [0., 1.] {
        let kept = 1. - p as f32;
        assert_eq!(
            numbers(&Dropout::new(Seed(0), p).expect("a probability"), &x),
            [kept; 12]
        );
        assert_eq!(
            numbers(&Dropout1d::new(Seed(0), p).expect("a probability"), &x),
            [kept; 12]
        );
        assert_eq!(
            numbers(&AlphaDropout::new(Seed(0), p).expect("a probability"), &x),
            [kept; 12]
        );
    }
    for p in [-0.1, 1.5, f64::NAN] {
        let error = Dropout::new(Seed(0), p).expect_err("no probability").to_string();
        assert!(error.starts_with("`p`: expected a probability from 0 to 1"), "{error}");
    }
    assert!(numbers(&Dropout::new(Seed(0), 0.5).expect("a probability"), &ones(&[0])).is_empty());
}

#[test]
fn channels_are_dropped_whole() {
    let layer = Dropout3d::new(Seed(2), 0.5).expect("a probability");
    for sizes in [&[8, 2, 1, 3][..], &[2, 8, 2, 1, 3]] {
        let y = numbers(&layer, &ones(sizes));
        assert!(
            y.chunks(6).all(|channel| channel == [0.; 6] || channel == [2.; 6]),
            "{y:?}"
        );
        assert!(y.contains(&0.) && y.contains(&2.));
    }
    let error = layer.forward(&ones(&[8, 2])).expect_err("two axes").to_string();
    assert_eq!(
        error,
        "`dropout3d`: expected an input of 4 axes, or of 5 with a batch, found [8, 2]"
    );
}

#[test]
fn alpha_dropouts_take_two_values_a_number() {
    let y = numbers(
        &FeatureAlphaDropout::new(Seed(1), 0.5).expect("a probability"),
        &ones(&[4, 8, 3]),
    );
    let mut distinct = y.clone();
    distinct.sort_by(f32::total_cmp);
    distinct.dedup();
    assert_eq!(distinct.len(), 2, "{distinct:?}");
    assert!(y.chunks(3).all(|channel| channel == [channel[0]; 3]));
    assert!(
        FeatureAlphaDropout::new(Seed(1), 0.5)
            .expect("a probability")
            .forward(&ones(&[4]))
            .is_err()
    );
}

#[test]
fn gradients_go_where_elements_went() {
    let layer = Dropout::new(Seed(5), 0.5).expect("a probability");
    let x = ones(&[32]).requires_grad();
    let y = layer.forward(&x).expect("any sizes");
    y.sum().backward();
    assert_eq!(x.grad().expect("a gradient"), y.detach());
}
