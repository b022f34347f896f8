use tensor::prelude::*;

#[model]
#[forward(|x: [3, 4]| select(body(x), axis = 1, index = 3))]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
