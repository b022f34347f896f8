use tensor::prelude::*;

#[model]
#[forward(|x: [5, 2], h: [3, 4]| {
    let (y, h) = gates(x, h);
    (y, h)
})]
struct Net {
    gates: gru!(2, 4, num_layers = 2, bidirectional = true),
}

fn main() {}
