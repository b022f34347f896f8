use tensor::prelude::*;

#[model]
#[input(3, 32, 32)]
pub struct Net {
    conv1: Conv2d<3, 8, 3>,
    norm1: BatchNorm2d<16>,
    conv2: Conv2d<8, 8, { (3, 5) }>,
}

fn main() {}
