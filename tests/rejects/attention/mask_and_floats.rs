use tensor::prelude::*;

#[model]
#[forward(|x: [5], mask: [5]| output(attention(rows(x + mask), mask)))]
pub struct Net {
    rows: net!(linear(5, 40) >> reshape(5, 8)),
    attention: multi_head_attention!(8, 2),
    output: net!(flatten >> linear(40, 1)),
}

fn main() {}
