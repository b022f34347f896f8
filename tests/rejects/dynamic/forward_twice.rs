use tensor::prelude::*;

#[model]
#[forward(|x: [8]| layer(x))]
#[forward(dynamic, |x: [8]| -> [4] { self.layer.forward(x) })]
struct Net {
    layer: Linear<8, 4>,
}

fn main() {}
