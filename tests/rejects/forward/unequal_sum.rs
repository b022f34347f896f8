use tensor::prelude::*;

#[model]
#[forward(|x: [64]| x + up(x))]
struct Net {
    up: Linear<64, 65>,
}

fn main() {}
