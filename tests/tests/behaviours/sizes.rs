//! Sizes that no machine has room for: the error stays in the tensor, and nothing overflows on the way.

use tensor::prelude::*;

use crate::huge;

const HUGE: [usize; 2] = [1 << 30, 1 << 30];

#[test]
fn operations_carry_the_error_on() {
    let x = huge(&HUGE);
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
        x.reshape(&[1i64 << 31, 1 << 29]).expect("as many elements"),
    ];
    for result in results {
        let error = result.to_vec().expect_err("there is no room").to_string();
        assert!(error.starts_with("out of memory on cpu"), "{error}");
    }
    assert!(x.argmax().expect("there is an axis").to_vec().is_err());
    assert!(x.to_string().contains("out of memory"));
}

#[test]
fn what_has_no_room_is_not_made() {
    for sizes in [HUGE, [1 << 40, 1 << 40]] {
        let error = Tensor::<Dynamic>::full_of(1.0, &sizes).expect_err("no room").to_string();
        assert!(error.starts_with("out of memory on cpu"), "{error}");
    }
    let one = Tensor::scalar(1.0).into_dynamic();
    assert!(one.broadcast_to(&[1usize << 40, 1 << 40]).is_err());
}

#[test]
fn an_axis_of_no_elements_beside_huge_ones() {
    let sizes = [1 << 40, 1 << 40, 0];
    let error = Tensor::<Dynamic>::from_vec(vec![], &sizes)
        .expect_err("the sizes do not fit")
        .to_string();
    assert!(error.starts_with("`from_slice`: expected"), "{error}");
    assert!(Tensor::<Dynamic>::full_of(1.0, &sizes).is_err());
    let rows: Tensor<Dynamic> = Tensor::full_of(1.0, &[1 << 40, 0]).expect("an empty tensor");
    assert!(rows.softmax().to_vec().expect("nothing is there").is_empty());
}

#[test]
fn typed_reshapes_of_huge_tensors() {
    let x = huge(&[1 << 57, 4, 4]).try_into_shape::<dims![Batch, 4, 4]>().expect("its sizes");
    assert!(x.flatten::<1>().to_vec().is_err());
    assert!(x.t().to_vec().is_err());
}

#[test]
fn layers_that_do_not_fit() {
    let error = tensor::dynamic::Linear::<f32>::new(&Device::cpu(), Seed(0), 1 << 40, 1 << 40).expect_err("no room");
    assert!(error.to_string().starts_with("out of memory"), "{error}");
}
