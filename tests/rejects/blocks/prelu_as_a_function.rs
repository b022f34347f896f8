use tensor::prelude::*;

#[model]
#[forward(|x: [4]| prelu(first(x)))]
struct Net {
    first: Linear<4, 4>,
}

fn main() {}
