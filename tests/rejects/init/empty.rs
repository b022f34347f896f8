use tensor::prelude::*;

#[model]
struct Net {
    #[init]
    fc: Linear<64, 64>,
}

fn main() {}
