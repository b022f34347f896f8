use tensor::prelude::*;

struct Parameter<S>(S);

#[model]
#[forward(|x: [64]| x + position)]
struct Net {
    position: Parameter<64>,
}

fn main() {}
