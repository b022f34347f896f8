//! Sizes that no machine has room for: the error stays in the tensor, and nothing overflows on the way.

use tensor::prelude::*;

use crate::refused;

const HUGE: [usize; 2] = [1 << 40, 1 << 40];

#[test]
fn operations_carry_the_error_on() {
    let x: Tensor<Dynamic> = Tensor::full_of(1.0, &HUGE).expect("sizes are not refused");
    let results = [
        x.relu(),
        x.softmax(),
        x.log_softmax(),
        x.sum_axis(0).expect("there is an axis"),
        x.mean_keep(-1).expect("there is an axis"),
        x.max_axis(1).expect("there is an axis"),
        x.transpose(0, 1).expect("there are two axes").contiguous(),
        x.matmul(&x).expect("the inner sizes agree"),
        x.add(&x).expect("the sizes agree"),
        &x * &x,
        x.reshape(&[1i64 << 41, 1 << 39]).expect("as many elements"),
    ];
    for result in results {
        let error = result.to_vec().expect_err("there is no room").to_string();
        assert!(error.starts_with("out of memory on cpu"), "{error}");
    }
    assert!(x.argmax().expect("there is an axis").to_vec().is_err());
    assert!(x.to_string().contains("out of memory"));
}

#[test]
fn results_that_grow_beyond_memory_are_refused_at_once() {
    let x: Tensor<Dynamic> = Tensor::arange(0, 100, 1).expect("a range");
    let one: Tensor<Dynamic> = Tensor::full_of(1.0, &[1]).expect("one number");
    let no_room = &["fit"];
    refused(x.repeat_interleave(usize::MAX, None), no_room);
    refused(x.combinations(50, false), no_room);
    refused(x.combinations(50, true), no_room);
    refused(one.combinations(usize::MAX, true), no_room);
    refused(one.combinations(1 << 55, true), &["out of memory on cpu"]);
    for (times, words) in [(i64::MAX, "fit"), (1 << 55, "out of memory on cpu"), (-1, "-1")] {
        let times = Tensor::<Dynamic, i64>::from_slice(&[times], &[1]).expect("one number");
        refused(one.repeat_interleave_by(&times, None), &[words]);
    }
    for p in [0, 1_000_001, u32::MAX] {
        refused(one.mvlgamma(p), &["`p`", "1000000", &p.to_string()]);
    }
    // What fits is all there.
    assert_eq!(x.combinations(2, false).expect("pairs").sizes(), [4950, 2]);
    assert_eq!(x.combinations(2, true).expect("pairs").sizes(), [5050, 2]);
    assert_eq!(x.combinations(100, false).expect("all").sizes(), [1, 100]);
    assert_eq!(x.combinations(101, false).expect("none").sizes(), [0, 101]);
    assert_eq!(one.combinations(5, true).expect("one row").sizes(), [1, 5]);
}

#[test]
fn an_axis_of_no_elements_beside_huge_ones() {
    let sizes = [1 << 40, 1 << 40, 0];
    let error = Tensor::<Dynamic>::from_vec(vec![], &sizes)
        .expect_err("the sizes do not fit")
        .to_string();
    assert!(error.starts_with("`from_slice`: expected"), "{error}");
    let x: Tensor<Dynamic> = Tensor::full_of(1.0, &sizes).expect("sizes are not refused");
    assert!(x.softmax().to_vec().is_err());
    let rows: Tensor<Dynamic> = Tensor::full_of(1.0, &[1 << 40, 0]).expect("an empty tensor");
    assert!(rows.softmax().to_vec().expect("nothing is there").is_empty());
}

#[test]
fn typed_reshapes_of_huge_tensors() {
    let x: Tensor<dims![Batch, 4, 4]> = Tensor::full_of(1.0, &[1 << 61, 4, 4]).expect("sizes are not refused");
    assert!(x.flatten::<1>().to_vec().is_err());
    assert!(x.t().to_vec().is_err());
}

#[test]
fn layers_that_do_not_fit() {
    let error = tensor::dynamic::Linear::<f32>::new(&Device::cpu(), Seed(0), 1 << 40, 1 << 40).expect_err("no room");
    assert!(error.to_string().starts_with("out of memory"), "{error}");
}
