use tensor::prelude::*;

#[model]
#[forward(|x: [16, 64]| x + position)]
struct Net {
    position: Parameter<32, 64>,
}

fn main() {}
