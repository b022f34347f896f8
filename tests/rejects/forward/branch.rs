use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    if true { fc(x) } else { x }
})]
struct Net {
    fc: Linear<64, 64>,
}

fn main() {}
