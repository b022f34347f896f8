use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [8]| -> Option<[4]> { Some(self.layer.forward(x)) })]
struct Net {
    layer: Linear<8, 4>,
}

fn main() {}
