//! Nested models that take and make several axes.

use tensor::prelude::*;

use crate::hold;

declare_dims! { pub Steps; }

/// Keeps its shape, which has an axis of whatever size comes.
#[model]
#[forward(|x: [Steps, 4]| x + down(gelu(up(norm(x)))))]
pub struct Block {
    norm: LayerNorm<4>,
    up: Linear<4, 6>,
    down: Linear<6, 4>,
}

#[model]
#[forward(|mut x: [Steps, 4]| {
    for block in blocks {
        x = block(x);
    }
    norm(x)
})]
pub struct Blocks {
    blocks: [Block; 3],
    norm: LayerNorm<4>,
}

/// Halves images and doubles their channels.
#[model]
#[forward(|x: [2, 6, 4]| relu(conv(x) + shortcut(x)))]
pub struct Down {
    conv: conv2d!(2, 4, 3, stride = 2, padding = 1),
    shortcut: conv2d!(2, 4, 1, stride = 2),
}

#[model]
#[forward(|x: [2, 6, 4]| {
    let h: [4, 3, 2] = down(x);
    let g: [4, 3, 2] = down(x + 0.5 * x);
    head(h * g)
})]
pub struct Images {
    down: Down,
    head: net!(conv2d(4, 3, 2) >> flatten >> linear(_, 2)),
}

/// A transformer's block, and a few of them.
#[model]
#[forward(|x: [5, 8]| {
    let x = x + project(attention(qkv(norm1(x)), 2, causal = true));
    x + mlp(norm2(x))
})]
pub struct Attending {
    norm1: LayerNorm<8>,
    qkv: Linear<8, 24>,
    project: Linear<8, 8>,
    norm2: LayerNorm<8>,
    mlp: net!(linear(8, 32) >> gelu >> linear(32, 8)),
}

#[model]
#[forward(|mut x: [5, 8]| {
    for block in blocks {
        x = block(x);
    }
    head(norm(x))
})]
pub struct Transformer {
    blocks: [Attending; 2],
    norm: LayerNorm<8>,
    head: Linear<8, 3>,
}

hold! {
    attending Attending
    transformer Transformer
    images Images
}

#[test]
fn an_axis_of_run_time_goes_through_blocks() {
    let mut model = Blocks::<f64>::new_as(&Device::cpu(), Seed(3));
    model.train();
    for steps in [1, 2, 5] {
        let x = tests::Chance::new(steps as u64).normal::<f64>(&[3, steps, 4]);
        let typed: Tensor<dims![Batch, Steps, 4], f64> = x.try_into_shape().expect("three axes");
        let out = model.forward(&typed);
        assert_eq!(out.sizes(), [3, steps, 4]);
        tests::model_differences::check(&model, &[typed.into_dynamic().into()]);
    }
}
