use tensor::prelude::*;

#[model]
#[forward(|x: [64]| x + position)]
struct Net {
    position: Parameter,
}

fn main() {}
