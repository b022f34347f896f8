use tensor::prelude::*;

#[model]
#[input(32)]
struct Net {
    layers: [Linear<_, 64>; 2],
}

fn main() {}
