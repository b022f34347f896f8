//! Second and higher order.

use tensor::autograd::{Options, Tolerance, grad_with, gradgradcheck, hessian, hvp, jacobian, jvp, vjp};
use tensor::prelude::*;

use crate::{only, vector};

const RECORDED: Options = Options {
    retain_graph: false,
    create_graph: true,
};

type Function = fn(&[Tensor<Dynamic, f64>]) -> tensor::Result<Tensor<Dynamic, f64>>;

#[test]
fn any_order() {
    let x = vector(&[1.5f64]).requires_grad();
    let mut y = x.sin();
    let expected = [1.5f64.cos(), -1.5f64.sin(), -1.5f64.cos(), 1.5f64.sin(), 1.5f64.cos()];
    for expected in expected {
        y = only(grad_with(&[&y], &[&x], &[&y.ones_like()], RECORDED).unwrap());
        assert!((y.to_vec().unwrap()[0] - expected).abs() < 1e-12);
    }
}

#[test]
fn every_function_of_the_compiler_has_a_second_derivative() {
    let positive = [0.3, 1.7, 2.5, 0.9];
    let functions: [(&str, Function); 20] = [
        ("relu", |x| x[0].relu().mul(&x[0])),
        ("leaky_relu", |x| x[0].leaky_relu(0.1).mul(&x[0])),
        ("tanh", |x| Ok(x[0].tanh())),
        ("sigmoid", |x| Ok(x[0].sigmoid())),
        ("gelu", |x| Ok(x[0].gelu())),
        ("gelu_tanh", |x| Ok(x[0].gelu_tanh())),
        ("silu", |x| Ok(x[0].silu())),
        ("elu", |x| Ok(x[0].affine(1., -1.1).elu(1.3))),
        ("softplus", |x| Ok(x[0].softplus(2., 20.))),
        ("abs", |x| x[0].abs().mul(&x[0])),
        ("square", |x| x[0].square().mul(&x[0])),
        ("sqrt", |x| Ok(x[0].sqrt())),
        ("reciprocal", |x| Ok(x[0].reciprocal())),
        ("exp", |x| Ok(x[0].exp())),
        ("log", |x| Ok(x[0].log())),
        ("sin", |x| Ok(x[0].sin())),
        ("cos", |x| Ok(x[0].cos())),
        ("erf", |x| Ok(x[0].erf())),
        ("pow", |x| Ok(x[0].pow(2.5))),
        ("affine", |x| Ok(x[0].affine(2., 1.).square())),
    ];
    for (name, function) in functions {
        gradgradcheck(function, &[&vector(&positive)], Tolerance::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn rows_and_products_have_second_derivatives() {
    let x = Tensor::<Dynamic, f64>::randn(&[3, 4], 1).unwrap();
    let y = Tensor::<Dynamic, f64>::randn(&[4, 2], 2).unwrap();
    let functions: [(&str, Function); 6] = [
        ("softmax", |x| x[0].softmax().mul(&x[0])),
        ("log_softmax", |x| x[0].log_softmax().mul(&x[0])),
        ("matmul", |x| x[0].matmul(&x[1])?.tanh().matmul(&x[1].transpose(0, 1)?)),
        ("sum", |x| x[0].mul(&x[0].sum_keep(1)?)),
        ("mean", |x| x[0].mul(&x[0].mean_keep(0)?)),
        ("prod", |x| x[0].prod_axis(1)),
    ];
    for (name, function) in functions {
        gradgradcheck(function, &[&x, &y], Tolerance::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn jacobians_and_hessians() {
    let x = vector(&[1.0f64, 2.0]);
    let square = |x: &Tensor<Dynamic, f64>| x.mul(&x.sum_keep(0)?);
    // J = sum(x) I + x 1^T
    let j = jacobian(square, &x).unwrap();
    assert_eq!(j.to_vec().unwrap(), [4.0, 1.0, 2.0, 5.0]);
    let (_, product) = vjp(square, &x, &vector(&[1.0, 10.0])).unwrap();
    assert_eq!(product.to_vec().unwrap(), [24.0, 51.0]);
    let (_, product) = jvp(square, &x, &vector(&[1.0, 10.0])).unwrap();
    assert_eq!(product.to_vec().unwrap(), [14.0, 52.0]);

    let cubic = |x: &Tensor<Dynamic, f64>| Ok(x.pow(3.).sum().mul(&x.sum()).into_dynamic());
    let h = hessian(cubic, &x).unwrap().to_vec().unwrap();
    // Of (a^3 + b^3) (a + b): 12 a^2 + 6 a b, 3 a^2 + 3 b^2, 6 a b + 12 b^2.
    assert_eq!(h, [24.0, 15.0, 15.0, 60.0]);
    let along = hvp(cubic, &x, &vector(&[1.0, 0.0])).unwrap().to_vec().unwrap();
    assert_eq!(along, [h[0], h[2]]);
}
