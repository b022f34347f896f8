use tensor::prelude::*;

#[model]
#[forward(dynamic, || -> [4] { self.layer.forward(x) })]
struct Net {
    layer: Linear<8, 4>,
}

fn main() {}
