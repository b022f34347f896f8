//! The error of an operation that failed stays in what comes of it.

use tensor::Error;
use tensor::prelude::*;

/// More than any machine has: the tensor that should have been made carries the error.
fn failed() -> Tensor<Dynamic> {
    Tensor::full_of(1.0, &[1 << 40, 1 << 20]).unwrap()
}

#[test]
fn a_failed_operation_stays_in_what_comes_of_it() {
    let x = failed();
    assert_eq!(x.sizes(), [1 << 40, 1 << 20]);
    assert!(matches!(x.error(), Some(Error::OutOfMemory { .. })));
    for error in [x.to_vec().unwrap_err(), x.relu().sum().item().unwrap_err()] {
        assert!(error.to_string().starts_with("out of memory on cpu: "), "{error}");
    }
    assert!(x.to_string().starts_with("tensor(error: out of memory"));
}

#[test]
fn a_step_after_a_failed_forward_says_why() {
    net! { type Small = linear(4, 2) }
    let mut model = Small::new(&Device::cpu(), Seed(0));
    let before = model.0.weight.to_vec().unwrap();
    let x: Tensor<dims![Batch, 4]> = Tensor::full_of(1.0, &[1 << 60, 4]).unwrap();
    let mut adam = Adam::new(0.1);
    model.forward(&x).sum().backward();
    assert!(matches!(adam.step(&mut model), Err(Error::OutOfMemory { .. })));
    assert_eq!(model.0.weight.to_vec().unwrap(), before);
    model.forward(&tensor![[1., 2., 3., 4.]]).sum().backward();
    adam.step(&mut model).unwrap();
    assert_ne!(model.0.weight.to_vec().unwrap(), before);
}
