use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [8]| -> [4] { self.layer.forward(x).into_dynamic().try_into_shape()? })]
struct Net {
    layer: Linear<8, 4>,
}

fn main() {}
