use tensor::prelude::*;

#[model]
#[forward(|x: [5, 2], h: [1, 3]| gates(x, h))]
struct Net {
    gates: Gru<2, 4>,
}

fn main() {}
