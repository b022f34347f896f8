use tensor::prelude::*;

#[model]
#[forward(|x: [5, 2], h: [1, 4]| gates(x, h, h))]
struct Net {
    gates: Gru<2, 4>,
}

fn main() {}
