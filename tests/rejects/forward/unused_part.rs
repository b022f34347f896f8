use tensor::prelude::*;

#[model]
#[forward(|x: [64]| fc(x))]
struct Net {
    norm: LayerNorm<64>,
    fc: Linear<64, 10>,
}

fn main() {}
