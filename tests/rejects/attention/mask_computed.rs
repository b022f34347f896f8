use tensor::prelude::*;

#[model]
#[forward(|x: [5, 8]| attention(x, linear(x)))]
pub struct Net {
    attention: multi_head_attention!(8, 2),
    linear: Linear<8, 8>,
}

fn main() {}
