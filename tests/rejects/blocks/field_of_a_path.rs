use tensor::prelude::*;

#[model]
#[input(3, 32, 32)]
pub struct Net {
    conv: tensor::conv2d!(3, 8, 3),
}

fn main() {}
