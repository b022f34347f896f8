use tensor::prelude::*;

#[model]
#[input(8)]
#[forward(dynamic, |x: [8]| -> [4] { self.layer.forward(x) })]
struct Net {
    layer: Linear<8, 4>,
}

fn main() {}
