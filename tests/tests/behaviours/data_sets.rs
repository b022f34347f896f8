//! The digits of the library, their split and their batches.

use tensor::prelude::*;

#[test]
fn all_digits_are_there() {
    let digits = data::digits();
    assert_eq!(digits.len(), 1797);
    let (x, labels) = digits.batches(1797).next().unwrap();
    assert!(labels.to_vec().unwrap().iter().all(|label| (0..10).contains(label)));
    assert!(x.to_vec().unwrap().iter().all(|value| (0.0..=1.0).contains(value)));
}

#[test]
fn a_split_is_stratified_and_always_the_same() {
    let (train, test) = data::digits().split(0.8);
    let (again, _) = data::digits().split(0.8);
    let labels = |part: &Dataset<_>| -> Vec<i64> { part.batches(part.len()).next().unwrap().1.to_vec().unwrap() };
    assert_eq!(labels(&train), labels(&again));
    for class in 0..10 {
        let count = |part: &Dataset<_>| labels(part).iter().filter(|&&label| label == class).count();
        let (inside, outside) = (count(&train), count(&test));
        let share = inside as f64 / (inside + outside) as f64;
        assert!((share - 0.8).abs() < 0.006, "class {class}: {share}");
    }
}

#[test]
fn batches_hold_every_sample_once() {
    let digits = data::digits();
    let sizes: Vec<usize> = digits.batches(64).map(|(x, _)| x.sizes()[0]).collect();
    assert_eq!(sizes.len(), 29);
    assert_eq!((sizes[0], sizes[28]), (64, 5));
    let sum = |batches: data::Batches<_>| -> i64 { batches.flat_map(|(_, labels)| labels.to_vec().unwrap()).sum() };
    assert_eq!(sum(digits.batches(50)), sum(digits.batches(64).shuffled(3)));
    let first = |seed| digits.batches(64).shuffled(seed).next().unwrap().1.to_vec().unwrap();
    assert_eq!(first(1), first(1));
    assert_ne!(first(1), first(2));
}
