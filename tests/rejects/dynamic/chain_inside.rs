use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [8]| -> [4] { self.chain.forward(x).relu() })]
struct Net {
    chain: net!(linear(8, 5) >> linear(6, 4)),
}

fn main() {}
