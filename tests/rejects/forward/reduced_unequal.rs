use tensor::prelude::*;

#[model]
#[forward(|x: [3, 4]| { let y = body(x); y - mean(y, axis = 2, keep = true) })]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
