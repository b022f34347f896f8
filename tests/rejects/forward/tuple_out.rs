use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    (x, fc(x))
})]
struct Net {
    fc: Linear<64, 10>,
}

fn main() {}
