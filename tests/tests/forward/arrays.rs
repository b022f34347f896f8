//! Arrays of parts.

use tensor::prelude::*;

use crate::hold;

#[model]
#[forward(|x: [6]| x + down(relu(up(x))))]
pub struct Block {
    up: Linear<6, 8>,
    down: Linear<8, 6>,
}

#[model]
#[forward(|mut x: [4]| {
    x = first(x);
    for block in blocks {
        x = block(x);
        x = norm(x);
    }
    let skip = x;
    for layer in layers {
        let h = layer(x);
        x = h + skip;
    }
    x
})]
pub struct Stack {
    first: Linear<4, 6>,
    blocks: [Block; 3],
    norm: LayerNorm<6>,
    layers: [net!(linear(_, 6) >> dropout(0.2) >> tanh); 2],
}

/// Without a forward an array runs from its first part to its last.
#[model]
#[input(5)]
pub struct Row {
    layers: [Linear<_, 5>; 3],
    out: Linear<_, 2>,
}

hold! {
    block Block
    stack Stack
    row Row
}

#[test]
fn parts_of_an_array_have_positions() {
    let model = Stack::new(&Device::cpu(), Seed(0));
    let names: Vec<String> = model
        .parameters()
        .iter()
        .map(|parameter| parameter.name.clone())
        .collect();
    let expected = [
        "first.weight",
        "first.bias",
        "blocks.0.up.weight",
        "blocks.0.up.bias",
        "blocks.0.down.weight",
        "blocks.0.down.bias",
        "blocks.1.up.weight",
    ];
    assert_eq!(names[..7], expected);
    assert_eq!(
        names[14..],
        [
            "norm.weight",
            "norm.bias",
            "layers.0.0.weight",
            "layers.0.0.bias",
            "layers.1.0.weight",
            "layers.1.0.bias"
        ]
    );
    assert_eq!(model.blocks.len(), 3);
}
