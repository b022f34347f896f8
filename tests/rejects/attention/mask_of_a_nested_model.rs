use tensor::prelude::*;

#[model]
#[forward(|x: [5, 8], mask: [5]| attention(x, mask))]
pub struct Block {
    attention: multi_head_attention!(8, 2),
}

#[model]
#[forward(|x: [5, 8], mask: [6]| block(x, mask))]
pub struct Net {
    block: Block,
}

fn main() {}
