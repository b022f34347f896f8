use tensor::prelude::*;

#[model]
#[forward(|x: [64]| position(x))]
struct Net {
    position: Parameter<64>,
}

fn main() {}
