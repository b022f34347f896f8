use tensor::prelude::*;

#[model]
#[forward(|x: [64]| fc(x, x))]
struct Net {
    fc: Linear<64, 10>,
}

fn main() {}
