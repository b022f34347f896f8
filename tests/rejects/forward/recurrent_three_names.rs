use tensor::prelude::*;

#[model]
#[forward(|x: [5, 2]| {
    let (y, h, c) = gates(x);
    (y, h, c)
})]
struct Net {
    gates: Gru<2, 4>,
}

fn main() {}
