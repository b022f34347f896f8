use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    fc(split(x, 32, axis = 1))
})]
struct Net {
    fc: Linear<64, 10>,
}

fn main() {}
