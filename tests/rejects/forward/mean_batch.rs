use tensor::prelude::*;

#[model]
#[forward(|x: [3, 4]| mean(body(x), axis = 0))]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
