use tensor::prelude::*;

#[model]
#[forward(dynamic)]
struct Net {
    layer: Linear<8, 4>,
}

fn main() {}
