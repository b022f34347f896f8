use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [D]| -> [4] { self.chain.forward(x) })]
struct Net<D: Dim, H: Dim> {
    chain: net!(linear(D, 4) >> relu),
}

fn main() {}
