use tensor::prelude::*;

#[model]
#[forward(|x: [64]| fc(x))]
struct Net {
    fc: Linear<64, 64>,
    position: Parameter<64>,
}

fn main() {}
