use tensor::prelude::*;

#[model]
#[forward(|x: [64]| cat(x, fc(x), dim = 1))]
struct Net {
    fc: Linear<64, 10>,
}

fn main() {}
