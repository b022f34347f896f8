//! Order: equal elements, NaN, places that are not there, what is found once or several times.

use tensor::prelude::*;
use tensor::{Interpolation, Result};

type Numbers = Tensor<Dynamic, f64>;

#[track_caller]
fn says<A>(result: Result<A>, words: &str) {
    let Err(error) = result else {
        panic!("`{words}` was expected");
    };
    assert_eq!(error.to_string(), words);
}

#[test]
fn equal_elements_stay_as_they_came() {
    let x = Numbers::from(vec![1.0, 0.0, f64::NAN, -0.0, 1.0]);
    assert_eq!(x.argsort(0, false).unwrap().to_vec().unwrap(), [1, 3, 0, 4, 2]);
    assert_eq!(x.argsort(0, true).unwrap().to_vec().unwrap(), [2, 0, 4, 1, 3]);
    assert_eq!(x.topk(3, 0, true).unwrap().1.to_vec().unwrap(), [2, 0, 4]);
    assert_eq!(x.topk(0, 0, true).unwrap().0.sizes(), [0]);
    assert_eq!(x.mode(0, false).unwrap().1.item().unwrap(), 3);
}

#[test]
fn what_is_asked_for_is_there() {
    let x = Numbers::from(vec![1.0, 2.0]);
    says(
        x.topk(3, 0, true),
        "`k`: expected at most the 2 elements along axis 0, found 3",
    );
    says(
        x.kthvalue(0, 0, true),
        "`k`: expected 1 to the 2 elements along axis 0, found 0",
    );
    says(x.sort(1, true), "`sort`: axis 1 is out of range for a tensor of 1 axes");
    says(
        x.quantile(1.5, None, false, Interpolation::Linear),
        "`q`: expected numbers from 0 to 1, found 1.5",
    );
    let none = Numbers::from(vec![]);
    says(
        none.median_axis(0, false),
        "`median`: expected elements along axis 0, found [0]",
    );
    says(none.mode(0, false), "`mode`: expected elements along axis 0, found [0]");
    assert!(none.quantile(0.5, None, false, Interpolation::Linear).is_err());
    assert_eq!(none.sort(0, false).unwrap().0.sizes(), [0]);
    assert_eq!(none.unique().unwrap().values.sizes(), [0]);
}

#[test]
fn quantiles_between_elements() {
    let x = Numbers::from(vec![3.0, 0.0, 1.0, 2.0]);
    let at = |between| x.quantile(0.5, None, true, between).unwrap().to_vec().unwrap()[0];
    assert_eq!(at(Interpolation::Linear), 1.5);
    assert_eq!(at(Interpolation::Lower), 1.0);
    assert_eq!(at(Interpolation::Higher), 2.0);
    assert_eq!(at(Interpolation::Midpoint), 1.5);
    assert_eq!(at(Interpolation::Nearest), 2.0);
    let some = Numbers::from_vec(vec![1.0, f64::NAN, 3.0, 5.0], &[2, 2]).unwrap();
    let q = Numbers::from(vec![0.0, 1.0]);
    let found = some.quantiles(&q, Some(1), false, Interpolation::Linear).unwrap();
    assert_eq!(found.sizes(), [2, 2]);
    let found = found.to_vec().unwrap();
    assert!(found[0].is_nan() && found[2].is_nan() && (found[1], found[3]) == (3.0, 5.0));
    let found = some.nanquantiles(&q, Some(1), false, Interpolation::Linear).unwrap();
    assert_eq!(found.to_vec().unwrap(), [1.0, 3.0, 1.0, 5.0]);
    let ends = Numbers::from(vec![f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY]);
    assert_eq!(
        ends.quantile(0.75, None, false, Interpolation::Linear)
            .unwrap()
            .item()
            .unwrap(),
        f64::INFINITY
    );
}

#[test]
fn places_in_rows() {
    let sequence = Numbers::from_vec(vec![1.0, 2.0, 2.0, 5.0, 6.0, 7.0], &[2, 3]).unwrap();
    let values = Numbers::from_vec(vec![2.0, 6.0], &[2, 1]).unwrap();
    assert_eq!(sequence.searchsorted(&values, false).unwrap().to_vec().unwrap(), [1, 1]);
    assert_eq!(sequence.searchsorted(&values, true).unwrap().to_vec().unwrap(), [3, 2]);
    says(
        sequence.searchsorted(&Numbers::from(vec![1.0]), false),
        "`searchsorted`: expected values whose axes but the last are those of [2, 3], found [1]",
    );
    let mixed = Numbers::from(vec![3.0, 1.0, 2.0]);
    let sorter = mixed.argsort(0, false).unwrap();
    let value = Numbers::from(vec![2.5, f64::NAN]);
    assert_eq!(
        mixed.searchsorted_by(&sorter, &value, false).unwrap().to_vec().unwrap(),
        [2, 3]
    );
    let outside = Tensor::from(vec![0, 1, 3]);
    assert!(mixed.searchsorted_by(&outside, &value, false).is_err());
    assert!(value.bucketize(&sequence, false).is_err());
}

#[test]
fn each_thing_once() {
    let x = Tensor::<Dynamic, i64>::from_vec(vec![2, 1, 2, 1, 0, 3], &[3, 2]).unwrap();
    let rows = x.unique_axis(0).unwrap();
    assert_eq!(rows.values.to_vec().unwrap(), [0, 3, 2, 1]);
    assert_eq!(rows.inverse.to_vec().unwrap(), [1, 1, 0]);
    assert_eq!(rows.counts.to_vec().unwrap(), [1, 2]);
    let columns = x.unique_consecutive_axis(1).unwrap();
    assert_eq!(columns.values.sizes(), [3, 2]);
    let some = tensor![f32::NAN, 1.0, f32::NAN].unique().unwrap();
    assert_eq!(some.counts.to_vec().unwrap(), [1, 1, 1]);
    assert!(Numbers::from_vec(vec![], &[2, 0]).unwrap().unique_axis(0).is_err());
}

#[test]
fn counts() {
    let x = Tensor::<Dynamic, i64>::from(vec![1, -1]);
    says(
        x.bincount(0),
        "`bincount`: number -1 is out of range for bins from 0 to 4294967295",
    );
    assert!(Numbers::from(vec![1.0]).bincount(0).is_err());
    assert_eq!(
        Tensor::<Dynamic, u8>::from(vec![])
            .bincount(2)
            .unwrap()
            .to_vec()
            .unwrap(),
        [0, 0]
    );
    let x = tensor![-1.0, 0.0, 0.5, 1.0, f32::NAN];
    assert_eq!(x.histc(2, 0.0, 1.0).unwrap().to_vec().unwrap(), [1.0, 2.0]);
    assert!(x.histc(0, 0.0, 1.0).is_err());
    assert!(x.histc(usize::MAX, 0.0, 1.0).is_err());
    assert!(Tensor::<Dynamic, i64>::from(vec![1]).bincount(usize::MAX).is_err());
    assert!(x.histc(2, 1.0, 0.0).is_err());
    assert!(x.histc(2, 0.0, f64::INFINITY).is_err());
    let (density, edges) = tensor![0.0, 1.0, 4.0]
        .histogram(2, Some((0.0, 4.0)), None, true)
        .unwrap();
    assert_eq!(edges.to_vec().unwrap(), [0.0, 2.0, 4.0]);
    tensor::testing::assert_close(&density, &Tensor::from(vec![1.0 / 3.0, 1.0 / 6.0]).into_dynamic());
}
