use tensor::prelude::*;

#[model]
struct Net {
    #[init(xavier)]
    fc: Linear<64, 64>,
}

fn main() {}
