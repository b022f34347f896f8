use tensor::prelude::*;

#[model]
#[forward(|x: [4], y: [6]| fc(x) + gate(y))]
struct Net {
    fc: Linear<4, 2>,
    gate: Linear<4, 2>,
}

fn main() {}
