use tensor::prelude::*;

#[model]
#[forward(|x: [8]| output(x))]
pub struct Net {
    #[saved("head.output")]
    output: Linear<8, 8>,
}

fn main() {}
