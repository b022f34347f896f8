use tensor::prelude::*;

#[model]
#[forward(|x: [64]| x + inner(fc(x)))]
struct Net {
    fc: Linear<64, 64>,
    inner: Net,
}

fn main() {}
