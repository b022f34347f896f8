use tensor::prelude::*;

#[model]
#[forward(|x: [4]| x + mean)]
struct Net {
    #[frozen]
    mean: Buffer<4>,
}

fn main() {}
