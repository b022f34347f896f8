use tensor::prelude::*;

#[model]
#[frozen]
struct Net {
    fc: Linear<64, 64>,
}

fn main() {}
