use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [8]| -> [4] { self.layer.forward(x) })]
struct Net {
    #[input(8)]
    layer: Linear<8, 4>,
}

fn main() {}
