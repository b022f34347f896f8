//! Gradients of chosen tensors.

use tensor::autograd::{Options, backward, grad, grad_with};
use tensor::prelude::*;

use crate::{only, vector};

const KEPT: Options = Options {
    retain_graph: true,
    create_graph: false,
};

#[test]
fn only_the_chosen_get_one() {
    let (a, b) = (vector(&[1., 2.]).requires_grad(), vector(&[3., 4.]).requires_grad());
    let y = (&a * &b).sum();
    assert_eq!(only(grad(&y, &[&a]).unwrap()), vector(&[3., 4.]));
    assert_eq!((a.grad(), b.grad()), (None, None));
}

#[test]
fn what_the_output_does_not_depend_on_has_none() {
    let (a, b) = (vector(&[1.]).requires_grad(), vector(&[1.]).requires_grad());
    let found = grad(&(&a * &a).sum(), &[&a, &b]).unwrap();
    assert_eq!(found, [Some(vector(&[2.])), None]);
}

#[test]
fn of_a_tensor_on_the_way() {
    let x = vector(&[1., 2.]).requires_grad();
    let middle = &x * &x;
    let y = (&middle * &middle).sum();
    let found = grad_with(&[&y], &[&middle, &x], &[&y.ones_like()], Options::default()).unwrap();
    assert_eq!(found, [Some(vector(&[2., 8.])), Some(vector(&[4., 32.]))]);
}

#[test]
fn one_tensor_twice_among_the_inputs() {
    let x = vector(&[3.]).requires_grad();
    let found = grad(&(&x * &x).sum(), &[&x, &x]).unwrap();
    assert_eq!(found, [Some(vector(&[6.])), Some(vector(&[6.]))]);
}

#[test]
fn several_outputs_add_up() {
    let x = vector(&[3.]).requires_grad();
    let (y, z) = (&x * &x, &x * 5.);
    let weights = [vector(&[1.]), vector(&[10.])];
    let found = grad_with(&[&y, &z], &[&x], &[&weights[0], &weights[1]], Options::default()).unwrap();
    assert_eq!(only(found), vector(&[56.]));
}

#[test]
fn a_second_pass_is_an_error_unless_the_graph_is_kept() {
    let x = vector(&[3.]).requires_grad();
    let y = x.exp().sum();
    let ones = y.ones_like();
    backward(&[&y], &[&ones], KEPT).unwrap();
    y.try_backward().unwrap();
    let error = y.try_backward().unwrap_err().to_string();
    assert!(error.contains("ran twice") && error.contains("retain_graph"), "{error}");
}

#[test]
fn a_parameter_is_a_target_too() {
    net! { type Net = linear(2, 3) >> tanh >> linear(3, 1) }
    let model = Net::<f64>::new_as(&Device::cpu(), Seed(1));
    let x = Tensor::<dims![Batch, 2], f64>::randn(&[4, 2], 1).unwrap();
    let y = model.forward(&x).sum();
    let weight: &Tensor<_, f64> = &model.0.weight;
    let found = only(grad_with(&[&y], &[weight], &[&y.ones_like()], KEPT).unwrap());
    assert!(weight.grad().is_none(), "nothing else changes");
    y.backward();
    let expected = weight.grad().expect("backward leaves it");
    tests::assert_close("weight", &found.to_vec().unwrap(), &expected.to_vec().unwrap(), 1e-12);
}

#[test]
fn bad_calls_are_errors() {
    let x = vector(&[1., 2.]).requires_grad();
    let y = x.exp();
    let none = grad_with::<_, Dynamic, _>(&[&y], &[&x], &[], Options::default()).unwrap_err();
    assert_eq!(
        none.to_string(),
        "`grad`: expected a gradient for each of 1 outputs, found 0 gradients"
    );
    let wide = vector(&[1., 2., 3.]);
    let sizes = grad_with(&[&y], &[&x], &[&wide], Options::default()).unwrap_err();
    assert_eq!(sizes.to_string(), "`grad`: expected a gradient of [2], found [3]");
    let constant = vector(&[1.]);
    assert!(
        grad(&constant.sum(), &[&x])
            .unwrap_err()
            .to_string()
            .contains("nothing to differentiate")
    );
}
