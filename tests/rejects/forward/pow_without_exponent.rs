use tensor::prelude::*;

#[model]
#[forward(|x: [4]| pow(body(x)))]
pub struct Net {
    body: Linear<4, 4>,
}

fn main() {}
