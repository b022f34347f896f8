use tensor::prelude::*;

declare_dims! { Seq; Length; }

#[model]
#[forward(|x: [Seq, 8], mask: [Length]| attention(x, mask))]
pub struct Net {
    attention: multi_head_attention!(8, 2),
}

fn main() {}
