use tensor::prelude::*;

#[model]
#[forward(|x: [4]| mean(x))]
struct Net {
    mean: Buffer<4>,
}

fn main() {}
