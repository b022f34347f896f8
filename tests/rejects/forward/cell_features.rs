use tensor::prelude::*;

#[model]
#[forward(|x: [3], h: [4]| gate(x, h))]
struct Net {
    gate: GruCell<2, 4>,
}

fn main() {}
