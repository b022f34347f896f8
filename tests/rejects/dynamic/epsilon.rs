use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [8]| -> [8] { self.norm.forward(x) })]
struct Net {
    norm: layer_norm!(8, eps = 0.001),
}

fn main() {}
