use tensor::prelude::*;

#[model]
#[forward(|x: [64]| x + fc)]
struct Net {
    fc: Linear<64, 64>,
}

fn main() {}
