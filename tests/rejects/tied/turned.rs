use tensor::prelude::*;

#[model]
struct Net {
    first: Linear<8, 4>,
    #[tied(first)]
    last: linear!(4, 8, bias = false),
}

fn main() {}
