//! Values that are used many times, parts that run many times, and arithmetic between values.

use tensor::prelude::*;

use crate::hold;

#[model]
#[forward(|x: [6]| {
    let h = relu(up(norm(x)));
    x + down(h)
})]
pub struct Residual {
    norm: LayerNorm<6>,
    up: Linear<6, 9>,
    down: Linear<9, 6>,
}

/// One part twice: its gradients add.
#[model]
#[forward(|x: [5]| tanh(fc(gelu(fc(x)))))]
pub struct Shared {
    fc: Linear<5, 5>,
}

#[model]
#[forward(|x: [4]| {
    let a = one(x);
    let b = sigmoid(two(x));
    let mut y = a * b + (1.0 - b) * x;
    y = y / (b * b + 2.0) - 0.5 * a;
    -leaky_relu(y, slope = 0.2) + 3 / (b + 1)
})]
pub struct Gate {
    one: Linear<4, 4>,
    two: Linear<4, 4>,
}

/// A chain, dropouts and softmax by name, and a value that goes to three places.
#[model]
#[forward(|x: [7]| {
    let h = body(x);
    let weights = softmax(score(h));
    let y: [8] = dropout(h, 0.25) * weights;
    head(y + h)
})]
pub struct Weighted {
    body: net!(linear(_, 8) >> tanh >> linear(_, 8)),
    score: linear!(8, 8, bias = false),
    head: net!(layer_norm(_) >> linear(_, 2)),
}

/// Nested models, one of them twice.
#[model]
#[forward(|x: [6]| {
    let x = block(x);
    let y = block(x) + last(x);
    y * last(y)
})]
pub struct Nested {
    block: Residual,
    last: Residual,
}

/// Images: a block whose shortcut is a convolution.
#[model]
#[forward(|x: [2, 5, 4]| {
    let h = second(relu(first(x)));
    flatten(relu(h + shortcut(x)))
})]
pub struct Images {
    first: conv2d!(2, 3, 3, padding = 1),
    second: conv2d!(3, 3, 3, padding = 1, bias = false),
    shortcut: conv2d!(2, 3, 1),
}

/// The gradient that a shortcut hands on is read by a part that learns, and by what makes the input's.
#[model]
#[forward(|x: [4]| {
    let h = tanh(x);
    out(h + fc(h))
})]
pub struct Handed {
    fc: Linear<4, 4>,
    out: Linear<4, 3>,
}

/// A sum right at the end: the gradient by the output goes two ways.
#[model]
#[forward(|x: [4]| {
    let h = relu(x);
    h + sigmoid(fc(h))
})]
pub struct Ends {
    fc: Linear<4, 4>,
}

hold! {
    residual Residual
    shared Shared
    gate Gate
    weighted Weighted
    nested Nested
    images Images
    handed Handed
    ends Ends
    normed Normed
}

#[test]
fn a_part_that_runs_twice_is_there_once() {
    let model = Nested::new(&Device::cpu(), Seed(0));
    let names: Vec<String> = model
        .parameters()
        .iter()
        .map(|parameter| parameter.name.clone())
        .collect();
    assert_eq!(names.len(), 12);
    assert_eq!(names[0], "block.norm.weight");
    assert_eq!(names[6], "last.norm.weight");
}

/// Running statistics that two steps replace in turn.
#[model]
#[forward(|x: [2, 3, 4]| {
    let h = norm(mix(x));
    norm(h * x) + h
})]
pub struct Normed {
    mix: conv2d!(2, 2, 1, bias = false),
    norm: batch_norm2d!(2),
}
