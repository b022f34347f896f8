//! Reductions at their edges: nothing, NaN, axes that are not there, halves, sizes of 0 and 1, strides.

use tensor::prelude::*;
use tensor::{Result, bf16, f16};

type Numbers = Tensor<Dynamic, f64>;

fn numbers(data: &[f64], sizes: &[usize]) -> Numbers {
    Numbers::from_vec(data.to_vec(), sizes).expect("as many as the sizes say")
}

#[track_caller]
fn says<A>(result: Result<A>, words: &str) {
    let Err(error) = result else {
        panic!("`{words}` was expected");
    };
    assert_eq!(error.to_string(), words);
}

#[test]
fn of_nothing() {
    let none = numbers(&[], &[0, 3]);
    assert_eq!(none.sum_axes(&[0], false).unwrap().to_vec().unwrap(), [0.0; 3]);
    assert_eq!(none.prod_axes(&[0], true).unwrap().to_vec().unwrap(), [1.0; 3]);
    assert!(none.mean_axes(&[], false).unwrap().item().unwrap().is_nan());
    assert!(none.var(1.0).item().unwrap().is_nan());
    assert!(none.median().item().unwrap().is_nan());
    assert_eq!(
        none.logsumexp(&[0], false).unwrap().to_vec().unwrap(),
        [f64::NEG_INFINITY; 3]
    );
    assert_eq!(none.norm(2.0, &[0], false).unwrap().to_vec().unwrap(), [0.0; 3]);
    assert_eq!((none.any().item().unwrap(), none.all().item().unwrap()), (false, true));
    assert_eq!(none.cumsum(0).unwrap().sizes(), [0, 3]);
    assert_eq!(none.cummax(0).unwrap().0.sizes(), [0, 3]);
    assert_eq!(none.amax(&[1], false).unwrap().sizes(), [0]);
    says(
        none.amax(&[0], false),
        "`amax`: expected elements along the axes it goes over, found [0, 3]",
    );
    says(
        none.max_axis(0),
        "`max`: expected elements along the axes it goes over, found [0, 3]",
    );
    says(
        none.max().item(),
        "`max`: expected elements along the axes it goes over, found [0, 3]",
    );
    says(
        none.argmax_axis(0, false),
        "`argmax_axis`: expected elements along axis 0, found [0, 3]",
    );
    says(
        none.min_with_index(0, true),
        "`min_with_index`: expected elements along axis 0, found [0, 3]",
    );
    assert!(none.norm(f64::INFINITY, &[0], false).is_err());
    let whole = Tensor::<Dynamic, i64>::from_vec(vec![], &[0]).unwrap();
    assert_eq!(whole.sum_axes(&[0], false).unwrap().item().unwrap(), 0);
    assert!(whole.median().item().is_err());
}

#[test]
fn nothing_beside_huge_sizes() {
    let x = numbers(&[], &[1 << 40, 0]);
    assert_eq!(x.sort(1, false).unwrap().0.sizes(), [1 << 40, 0]);
    assert_eq!(x.cumsum(0).unwrap().sizes(), [1 << 40, 0]);
    assert_eq!(x.topk(0, 1, true).unwrap().0.sizes(), [1 << 40, 0]);
    assert_eq!(x.norm(3.0, &[0], false).unwrap().sizes(), [0]);
    assert!(x.median_axis(1, false).is_err());
}

#[test]
fn named_axes() {
    let x = numbers(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[1, 2, 3]);
    assert_eq!(x.sum_axes(&[-1, 0], false).unwrap().to_vec().unwrap(), [6.0, 15.0]);
    assert_eq!(x.amin(&[1], true).unwrap().sizes(), [1, 1, 3]);
    says(
        x.sum_axes(&[1, -2], false),
        "`sum`: expected axes that differ, found axis 1 twice in [1, -2]",
    );
    says(
        x.var_axes(&[3], 1.0, false),
        "`var`: axis 3 is out of range for a tensor of 3 axes",
    );
    let one = numbers(&[7.0], &[]);
    for axis in [0, -1] {
        assert_eq!(one.sum_axis(axis).unwrap().item().unwrap(), 7.0);
        assert_eq!(one.amax(&[axis], true).unwrap().sizes(), [0usize; 0]);
        assert_eq!(one.cumprod(axis).unwrap().item().unwrap(), 7.0);
        let (value, place) = one.max_with_index(axis, true).unwrap();
        assert_eq!((value.item().unwrap(), place.item().unwrap()), (7.0, 0));
        assert_eq!(one.sort(axis, false).unwrap().1.item().unwrap(), 0);
    }
    assert!(one.sum_axis(1).is_err());
    let deep = numbers(&[7.0], &[1; 65]);
    says(
        deep.amax(&[0], false),
        "`amax`: expected a tensor of at most 64 axes, found one of 65 axes",
    );
}

#[test]
fn nan_wins() {
    let x = numbers(&[1.0, f64::NAN, 3.0, f64::NAN], &[4]);
    assert!(x.max().item().unwrap().is_nan() && x.amin(&[0], false).unwrap().item().unwrap().is_nan());
    assert_eq!(x.argmax_all().unwrap().item().unwrap(), 1);
    assert_eq!(x.argmin_axis(0, false).unwrap().item().unwrap(), 1);
    assert_eq!(x.cummin(0).unwrap().1.to_vec().unwrap(), [0, 1, 1, 3]);
    assert_eq!(x.cummax(0).unwrap().1.to_vec().unwrap(), [0, 1, 1, 3]);
    assert!(x.median().item().unwrap().is_nan());
    assert_eq!(x.nanmedian().item().unwrap(), 1.0);
    assert_eq!(x.nansum().item().unwrap(), 4.0);
    assert_eq!(x.count_nonzero().item().unwrap(), 4);
}

#[test]
fn whole_numbers_are_exact() {
    let large = (1i64 << 62) + 1;
    let x = Tensor::<Dynamic, i64>::from(vec![large - 1, large, large - 1]);
    assert_eq!(x.argmax_all().unwrap().item().unwrap(), 1);
    assert_eq!(x.argmin_axis(0, false).unwrap().item().unwrap(), 0);
    assert_eq!(x.max().item().unwrap(), large);
    assert_eq!(x.sort(0, true).unwrap().1.to_vec().unwrap(), [1, 0, 2]);
    let bytes = Tensor::<Dynamic, u8>::from(vec![200, 200]);
    assert_eq!(bytes.sum().item().unwrap(), 400);
    assert_eq!(bytes.cumsum(0).unwrap().to_vec().unwrap(), [200, 400]);
    assert_eq!(bytes.amax(&[0], false).unwrap().item().unwrap(), 200u8);
    let truths = Tensor::<Dynamic, bool>::from(vec![true, false, true]);
    assert_eq!(truths.sum().item().unwrap(), 2);
    assert_eq!(truths.cumprod(0).unwrap().to_vec().unwrap(), [1, 0, 0]);
    assert!(truths.max().item().unwrap());
}

#[test]
fn halves_are_rounded_once() {
    let x = Tensor::<Dynamic, f16>::full_of(f16::from_f64(0.1), &[1000]).unwrap();
    let exact = f16::from_f64(0.1).to_f64();
    assert_eq!(x.sum().item().unwrap(), f16::from_f64(exact * 1000.0));
    assert_eq!(
        x.norm(1.0, &[], false).unwrap().item().unwrap(),
        f16::from_f64(exact * 1000.0)
    );
    assert_eq!(
        x.cumsum(0).unwrap().to_vec().unwrap()[999],
        f16::from_f64(exact * 1000.0)
    );
    let x = Tensor::<Dynamic, bf16>::from(vec![bf16::ONE, bf16::from_f64(3.0)]);
    assert_eq!(x.var(0.0).item().unwrap(), bf16::ONE);
    assert_eq!(x.sort(0, true).unwrap().0.to_vec().unwrap()[0], bf16::from_f64(3.0));
    assert_eq!(x.argmax_all().unwrap().item().unwrap(), 1);
}

#[test]
fn a_million_ones() {
    let ones = Tensor::<Dynamic>::full_of(1.0, &[1_000_000]).unwrap();
    assert_eq!(ones.sum().item().unwrap(), 1e6);
    assert_eq!(ones.sum_axes(&[0], false).unwrap().item().unwrap(), 1e6);
    assert_eq!(ones.cumsum(0).unwrap().to_vec().unwrap()[999_999], 1e6);
}

#[test]
fn strides_do_not_matter() {
    let x = numbers(&[5.0, 1.0, 4.0, 2.0, 3.0, 0.0], &[2, 3]);
    let turned = x.transpose(0, 1).unwrap();
    let plain = turned.contiguous();
    assert_eq!(turned.cumsum(1).unwrap(), plain.cumsum(1).unwrap());
    assert_eq!(turned.sort(0, false).unwrap().1, plain.sort(0, false).unwrap().1);
    assert_eq!(
        turned.argmax_axis(0, true).unwrap(),
        plain.argmax_axis(0, true).unwrap()
    );
    assert_eq!(
        turned.std_axes(&[0], 1.0, false).unwrap(),
        plain.std_axes(&[0], 1.0, false).unwrap()
    );
    assert_eq!(turned.unique().unwrap().inverse, plain.unique().unwrap().inverse);
    assert_eq!(
        turned.median_axis(1, false).unwrap().1,
        plain.median_axis(1, false).unwrap().1
    );
}

#[test]
fn distances_are_refused_where_sizes_do_not_fit() {
    let (x, y) = (numbers(&[0.0; 6], &[2, 3]), numbers(&[0.0; 4], &[2, 2]));
    says(x.cdist(&y, 2.0), "`cdist`: expected points of 3 numbers, found [2, 2]");
    says(x.cdist(&x, -1.0), "`p`: expected a number from 0 on, found -1");
    says(x.norm(f64::NAN, &[], false), "`p`: expected a number, found NaN");
    says(numbers(&[0.0], &[1]).trace(), "`trace`: expected a matrix, found [1]");
    assert_eq!(
        numbers(&[], &[2, 0])
            .cdist(&numbers(&[], &[3, 0]), 2.0)
            .unwrap()
            .to_vec()
            .unwrap(),
        [0.0; 6]
    );
}
