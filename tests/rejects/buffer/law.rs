use tensor::prelude::*;

#[model]
#[forward(|x: [4]| x + mean)]
struct Net {
    #[init(normal(0.1))]
    mean: Buffer<4>,
}

fn main() {}
