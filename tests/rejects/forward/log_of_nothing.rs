use tensor::prelude::*;

#[model]
#[forward(|x: [4]| body(x) + log())]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
