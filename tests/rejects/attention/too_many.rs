use tensor::prelude::*;

#[model]
#[forward(|x: [5, 8], mask: [5]| attention(x, x, x, mask, mask))]
pub struct Net {
    attention: multi_head_attention!(8, 2),
}

fn main() {}
