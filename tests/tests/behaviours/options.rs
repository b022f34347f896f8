//! Options of optimizers that make no sense.

use tensor::prelude::*;

#[test]
fn options_of_optimizers_are_checked() {
    let mut x = Parameter::from_tensor(&tensor![1., 2.]).expect("there is room");
    let hold = |error: tensor::Error, expected: &str| assert_eq!(error.to_string(), expected);
    x.sum().backward();
    hold(
        Adam::new(-1.).step(&mut x).unwrap_err(),
        "`lr`: expected a number from 0 on, found -1",
    );
    hold(
        Adam::new(1.).betas(0.9, 1.).step(&mut x).unwrap_err(),
        "`betas`: expected two numbers from 0 and below 1, found 1",
    );
    hold(
        Sgd::new(0.1).nesterov().step(&mut x).unwrap_err(),
        "`nesterov`: expected a momentum above 0 and a dampening of 0, found momentum 0 and dampening 0",
    );
    Sgd::new(0.5).step(&mut x).expect("the gradient is still there");
    assert_eq!(*x, tensor![0.5, 1.5]);
}
