use tensor::prelude::*;

#[model]
#[forward(|x: [3, 4]| max(body(x), axis = 1, keep = 1))]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
