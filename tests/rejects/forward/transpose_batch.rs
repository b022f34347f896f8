use tensor::prelude::*;

#[model]
#[forward(|x: [3, 4]| transpose(body(x), 0, 1))]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
