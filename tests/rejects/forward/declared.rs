use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    let h: [127] = up(x);
    relu(h)
})]
struct Net {
    up: Linear<64, 128>,
}

fn main() {}
