use tensor::prelude::*;

#[model]
#[input(3, 32, 32)]
pub struct Net {
    conv: conv2d!(3, 8, 3, paddin = 1),
}

fn main() {}
