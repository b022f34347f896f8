use tensor::prelude::*;

#[model]
#[forward(|x: [4]| sum(body(x), axis = 1))]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
