use tensor::prelude::*;

#[model]
#[forward(|x: [4]| body(x) * randn_like(4))]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
