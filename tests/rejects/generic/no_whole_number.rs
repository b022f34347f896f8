use tensor::prelude::*;

#[model]
struct Block<D: Dim, H: Dim> {
    narrow: linear!(D, D / H),
    back: linear!(D / H, D),
}

#[model]
struct Net {
    first: Linear<10, 64>,
    block: Block<64, 7>,
}

fn main() {}
