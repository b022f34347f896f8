use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [1, 8, 8]| -> [4, 6, 6] { self.layer.forward(x) })]
struct Net {
    layer: conv2d!(1, 4, 3),
}

fn main() {}
