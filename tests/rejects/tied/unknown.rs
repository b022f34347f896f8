use tensor::prelude::*;

#[model]
struct Net {
    first: Linear<8, 4>,
    #[tied(frist)]
    last: linear!(4, 8, bias = false),
}

fn main() {}
