use tensor::prelude::*;

#[model]
struct Net {
    fc: Linear<64, 64>,
    position: Parameter<64>,
}

fn main() {}
