use tensor::prelude::*;

#[model]
#[forward(|x: [4]| layer(x))]
struct Net {
    layer: Linear<4, 2>,
    mean: Buffer<4>,
}

fn main() {}
