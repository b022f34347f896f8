use tensor::prelude::*;

#[model]
#[forward(|x: [2], h: [4]| {
    let (h, c) = gate(x, h);
    h + c
})]
struct Net {
    gate: GruCell<2, 4>,
}

fn main() {}
