use tensor::prelude::*;

#[model]
#[input(3, 2, 32)]
pub struct Net {
    conv: Conv2d<3, 8, 3>,
}

fn main() {}
