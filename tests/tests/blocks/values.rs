//! Functions of values: of each element, along an axis, of two axes; random numbers.

use tensor::prelude::*;

use crate::hold;

/// Each function of elements where it is smooth.
#[model]
#[forward(|x: [6]| {
    let positive = sigmoid(up(x)) + 0.5;
    let y = exp(-positive) + log(positive) * sqrt(positive) - square(x) / 2.0;
    let z = abs(positive) + sin(x) * cos(x) - erf(x) + pow(positive, 1.5) + pow(positive, exponent = -0.5);
    2.0 * y - (1.0 - z) / 3.0
})]
pub struct Elements {
    up: Linear<6, 6>,
}

/// Reductions along every axis, which goes or stays.
#[model]
#[forward(|x: [3, 4, 5]| {
    let y = body(x);
    let off = square(y - repeat(mean(y, axis = 3, keep = true)));
    let rows = sum(y, axis = 1) + max(y, 1);
    let columns = mean(mean(off, axis = -1), axis = 2, keep = true) + min(max(y, axis = 3, keep = true), axis = 2);
    (rows, columns, sum(off, axis = 3))
})]
pub struct Reduced {
    body: Linear<5, 5>,
    repeat: linear!(1, 5),
}

/// One place of an axis, and axes in each other's place.
#[model]
#[forward(|x: [3, 4, 2]| {
    let y = transpose(body(x), axis = 1, other = -2);
    let first = select(y, axis = 1, index = 0) * select(y, axis = 1, index = -1);
    let last = select(select(y, axis = 3, index = 1), axis = -1, index = -3);
    (tanh(first), last * 2.0, permute(y, 3, 1, 2))
})]
pub struct Places {
    body: Linear<2, 2>,
}

// The same in a chain.
net! { #[input(3, 4, 5)] pub type Chained = linear(5, 6) >> exp >> mean(axis = 2) >> transpose(1, 2) >> max(axis = 2, keep = true) >> select(1, 3) >> linear(1, 2) }

/// A sequence of any length, by its mean and its first element.
#[model]
#[forward(|x: [Seq, 4]| {
    let y = body(x);
    out(cat(mean(y, axis = 1), select(y, axis = 1, index = 0), axis = 1))
})]
pub struct Pooled {
    body: Linear<4, 3>,
    out: Linear<6, 2>,
}

/// A latent value that is drawn.
#[model]
#[forward(|x: [5]| {
    let (mean, spread) = split(encode(x), 3, axis = 1);
    decode(mean + exp(0.5 * spread) * randn_like(mean)) - randn_like(x)
})]
pub struct Drawn {
    encode: Linear<5, 6>,
    decode: linear!(3, 5),
}

declare_dims! { pub Seq; }

hold! {
    elements Elements
    reduced Reduced
    places Places
    chained Chained
    pooled Pooled
    drawn Drawn
}

#[test]
fn values_are_those_of_tensors() {
    net! {
        #[input(2, 3)] type Mean = mean(axis = 1);
        #[input(2, 3)] type Largest = max(axis = -1, keep = true);
        #[input(2, 3)] type Last = select(axis = 2, index = -1);
        #[input(2, 3)] type Turned = transpose(1, 2);
    }
    let (cpu, seed) = (Device::cpu(), Seed(0));
    let x = tensor![[[1., 5., 3.], [3., -1., 4.]]];
    assert_eq!(Mean::new(&cpu, seed).infer(&x), tensor![[2., 2., 3.5]]);
    assert_eq!(Largest::new(&cpu, seed).infer(&x), tensor![[[5.], [4.]]]);
    assert_eq!(Last::new(&cpu, seed).infer(&x), tensor![[3., 4.]]);
    assert_eq!(
        Turned::new(&cpu, seed).infer(&x),
        tensor![[[1., 3.], [5., -1.], [3., 4.]]]
    );
}

#[test]
fn equal_maxima_share_the_gradient() {
    net! { #[input(4)] type Largest = max(axis = 1, keep = true); }
    let x = tensor![[1., 3., 3., 2.]].requires_grad();
    Largest::new(&Device::cpu(), Seed(0)).forward(&x).sum().backward();
    assert_eq!(x.grad(), Some(tensor![[0., 0.5, 0.5, 0.]]));
}

#[test]
fn a_place_that_is_not_there_is_an_error() {
    let model = Pooled::new(&Device::cpu(), Seed(0));
    let x: Tensor<dims![Batch, Seq, 4]> = Tensor::<Dynamic>::from_vec(Vec::new(), &[2, 0, 4])
        .expect("no elements")
        .try_into_shape()
        .expect("a sequence of nothing");
    for out in [model.infer(&x), model.forward(&x)] {
        let error = out.to_vec().expect_err("there is no first element").to_string();
        assert!(error.contains("index 0") && error.contains("an axis of 0"), "{error}");
    }
}

#[test]
fn noise_is_normal_in_training_and_nothing_in_evaluation() {
    net! { #[input(1000)] type Noise = randn_like; }
    let mut model = Noise::new(&Device::cpu(), Seed(3));
    let x = Tensor::<dims![10, 1000]>::ones();
    let (first, second) = (model.forward(&x), model.forward(&x));
    assert_ne!(first, second);
    let mean = first.mean().item().expect("computed");
    let square = (&first * &first).mean().item().expect("computed");
    assert!(mean.abs() < 0.04 && (square - 1.0).abs() < 0.06, "{mean} {square}");
    assert_eq!(Noise::new(&Device::cpu(), Seed(3)).forward(&x), first);
    assert_eq!(model.infer(&x).abs().max().item().expect("computed"), 0.0);
    model.eval();
    assert_eq!(model.forward(&x).abs().max().item().expect("computed"), 0.0);
}
