use tensor::prelude::*;

#[model]
#[forward(|x: [8]| output(hidden(x)))]
pub struct Net {
    output: Linear<8, 8>,
    #[saved("output")]
    hidden: Linear<8, 8>,
}

fn main() {}
