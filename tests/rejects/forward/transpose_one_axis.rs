use tensor::prelude::*;

#[model]
#[forward(|x: [3, 4]| transpose(body(x), 1))]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
