use tensor::prelude::*;

#[model]
#[forward(|x: [64]| layers(x))]
struct Net {
    layers: [Linear<64, 64>; 3],
}

fn main() {}
