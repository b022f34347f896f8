use tensor::prelude::*;

#[model]
#[forward(|x: [3, 8, 8]| cat(x, conv(x), axis = 1))]
struct Net {
    conv: conv2d!(3, 6, 3),
}

fn main() {}
