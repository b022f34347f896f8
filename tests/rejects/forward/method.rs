use tensor::prelude::*;

#[model]
#[forward(|x: [64]| fc(x).relu())]
struct Net {
    fc: Linear<64, 64>,
}

fn main() {}
