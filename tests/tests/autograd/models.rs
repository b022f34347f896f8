//! Second order through generated models: they run their eager form.

use tensor::autograd::{Options, backward, grad_with};
use tensor::prelude::*;

use crate::only;

net! { type Inner = linear(6, 6) >> layer_norm(6) >> tanh }

#[model]
#[input(4)]
struct Critic {
    first: net!(linear(4, 6) >> gelu >> dropout(0.2)),
    inner: Inner,
    last: net!(linear(6, 1)),
}

type Batches = dims![Batch, 4];

fn penalty(slope: &Tensor<Batches, f64>) -> Tensor<(), f64> {
    slope.square().sum_axis::<1>().sqrt().affine(1., -1.).square().mean()
}

fn slope<S: Shape>(y: &Tensor<S, f64>, x: &Tensor<Batches, f64>) -> Tensor<Batches, f64> {
    let recorded = Options {
        create_graph: true,
        ..Options::default()
    };
    only(grad_with(&[y], &[x], &[&y.ones_like()], recorded).unwrap())
}

fn gradients(model: &Critic<f64>) -> Vec<f64> {
    let all = tensor::__private::parameters(model);
    let gradient = |tensor: &Tensor<Dynamic, f64>| match tensor.grad() {
        Some(gradient) => gradient.to_vec().unwrap(),
        None => vec![0.0; tensor.len()],
    };
    all.iter().flat_map(|parameter| gradient(&parameter.tensor)).collect()
}

#[test]
fn a_gradient_penalty_trains_a_model() {
    for training in [true, false] {
        let mut model = Critic::<f64>::new_as(&Device::cpu(), Seed(3));
        tensor::__private::set_training(&mut model, training);
        let same = model.clone();
        let x = Tensor::<Batches, f64>::randn(&[5, 4], 1).unwrap().requires_grad();
        let y = model.forward(&x);
        (penalty(&slope(&y, &x)) + y.sum()).backward();

        let z = x.detach().requires_grad();
        let y = tensor::__private::eager(&same, &z);
        (penalty(&slope(&y, &z)) + y.sum()).backward();
        let (found, expected) = (gradients(&model), gradients(&same));
        assert!(expected.iter().any(|&gradient| gradient.abs() > 1e-3));
        tests::assert_close("gradients of the parameters", &found, &expected, 1e-10);
        let (found, expected) = (x.grad().unwrap(), z.grad().unwrap());
        tests::assert_close(
            "gradient of the input",
            &found.to_vec().unwrap(),
            &expected.to_vec().unwrap(),
            1e-10,
        );
    }
}

#[test]
fn the_penalty_goes_down() {
    let mut model = Critic::<f64>::new_as(&Device::cpu(), Seed(5));
    model.eval();
    let mut adam = Adam::new(1e-2);
    let x = Tensor::<Batches, f64>::randn(&[16, 4], 2).unwrap().requires_grad();
    let mut losses = Vec::new();
    for _ in 0..60 {
        let loss = penalty(&slope(&model.forward(&x), &x));
        losses.push(loss.item().unwrap());
        loss.backward();
        adam.step(&mut model).unwrap();
    }
    assert!(losses[59] < 0.2 * losses[0], "{} to {}", losses[0], losses[59]);
}

#[test]
fn twice_through_one_forward() {
    let model = Critic::<f64>::new_as(&Device::cpu(), Seed(3));
    let same = model.clone();
    let x = Tensor::<Batches, f64>::randn(&[5, 4], 1).unwrap();
    let y = model.forward(&x).sum();
    let kept = Options {
        retain_graph: true,
        ..Options::default()
    };
    backward(&[&y], &[&y.ones_like()], kept).unwrap();
    y.backward();
    same.forward(&x).sum().backward();
    let expected: Vec<f64> = gradients(&same).iter().map(|gradient| 2.0 * gradient).collect();
    tests::assert_close("gradients", &gradients(&model), &expected, 1e-12);
}

#[test]
fn a_model_behind_itself_counts_each_parameter_once_a_pass() {
    net! { type Round = linear(4, 4) >> tanh }
    let model = Round::<f64>::new_as(&Device::cpu(), Seed(3));
    let x = Tensor::<Batches, f64>::randn(&[3, 4], 1).unwrap();
    let y = model.forward(&model.forward(&x)).sum();
    let weight: &Tensor<_, f64> = &model.0.weight;
    let kept = Options {
        retain_graph: true,
        ..Options::default()
    };
    let found = only(grad_with(&[&y], &[weight], &[&y.ones_like()], kept).unwrap());
    y.backward();
    let expected = weight.grad().unwrap();
    tests::assert_close("weight", &found.to_vec().unwrap(), &expected.to_vec().unwrap(), 1e-12);
}
