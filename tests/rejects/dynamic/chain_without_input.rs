use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [1, 8, 8]| -> [64] { self.chain.forward(x) })]
struct Net {
    chain: net!(max_pool2d(2) >> flatten >> linear(_, 64)),
}

fn main() {}
