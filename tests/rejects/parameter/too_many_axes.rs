use tensor::prelude::*;

#[model]
#[forward(|x: [64]| x + position)]
struct Net {
    position: Parameter<16, 64>,
}

fn main() {}
