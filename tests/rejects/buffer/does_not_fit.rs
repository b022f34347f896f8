use tensor::prelude::*;

#[model]
#[forward(|x: [4]| x - mean)]
struct Net {
    mean: Buffer<5>,
}

fn main() {}
