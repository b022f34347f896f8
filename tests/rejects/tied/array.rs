use tensor::prelude::*;

#[model]
struct Net {
    first: Linear<8, 8>,
    #[tied(first)]
    others: [linear!(8, 8, bias = false); 2],
}

fn main() {}
