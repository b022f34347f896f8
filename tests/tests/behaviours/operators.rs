//! Operators between tensors, and between tensors and numbers.

use std::panic::AssertUnwindSafe;

use tensor::prelude::*;

#[test]
fn two_values_of_one_name_do_not_broadcast() {
    let one: Tensor<dims![Batch, 2]> = Tensor::full_of(1.0, &[1, 2]).expect("a batch of 1");
    let three: Tensor<dims![Batch, 2]> = Tensor::full_of(1.0, &[3, 2]).expect("a batch of 3");
    let said = std::panic::catch_unwind(AssertUnwindSafe(|| &one + &three)).expect_err("1 is not 3");
    let said = said.downcast_ref::<String>().expect("a formatted message");
    assert_eq!(said, "`add`: expected `batch` of 1, as on the left, found 3");
    let row: Tensor<dims![1, 2]> = Tensor::ones();
    assert_eq!((&three + &row).sizes(), [3, 2]);
}

#[test]
fn numbers_beside_operators() {
    let x = tensor![1., 2., 4.].requires_grad();
    assert_eq!(8. / &x - 1., tensor![7., 3., 1.]);
    assert_eq!(-(2. * &x), tensor![-2., -4., -8.]);
    assert_eq!(tensor![49f64] / 49., tensor![1f64]);
    (1. / &x).sum().backward();
    assert_eq!(x.grad(), Some(tensor![-1., -0.25, -0.0625]));
    assert_eq!(
        Tensor::<dims![1], i64>::full(9007199254740993).to_string(),
        "tensor([9007199254740993])"
    );
}

#[test]
fn assignment_leaves_what_others_hold() {
    let mut x = tensor![[1., 2.], [3., 4.]];
    let (before, row) = (x.clone(), tensor![10., 20.]);
    x += &row;
    x *= 2.;
    assert_eq!(
        (x, before),
        (tensor![[22., 44.], [26., 48.]], tensor![[1., 2.], [3., 4.]])
    );
    let mut mask = tensor![true, false];
    mask |= tensor![true];
    assert_eq!(mask, tensor![true, true]);
    let mut narrow = tensor![1., 2.].into_dynamic();
    let wide = tensor![[1., 2.]].into_dynamic();
    let said = std::panic::catch_unwind(AssertUnwindSafe(|| narrow += wide)).expect_err("a row has one axis");
    let said = said.downcast_ref::<String>().expect("a formatted message");
    assert_eq!(said, "`add`: expected sizes that stretch to [2], found [1, 2]");
}

#[test]
fn assignment_is_recorded_and_moves_leaves_by_hand() {
    let w = tensor![3.].requires_grad();
    let mut y = w.clone();
    y *= &w;
    y.sum().backward();
    assert_eq!(w.grad(), Some(tensor![6.]));
    let mut w = w;
    let slope = w.grad().expect("a gradient");
    no_grad(|| w -= slope * 0.5);
    assert_eq!(w, tensor![0.]);
    assert!(w.is_leaf() && w.is_tracked());
}
