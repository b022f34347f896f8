use tensor::prelude::*;

#[model]
#[forward(|x: [4]| exp(body(x), 2))]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
