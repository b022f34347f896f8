use tensor::prelude::*;

#[model]
#[forward(|x: [3, 8, 8]| conv(x) * flatten(x))]
struct Net {
    conv: conv2d!(3, 3, 3, padding = 1),
}

fn main() {}
