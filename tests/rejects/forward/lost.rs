use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    let mut h = one(x);
    h = two(x);
    h
})]
struct Net {
    one: Linear<64, 10>,
    two: Linear<64, 10>,
}

fn main() {}
