use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [8]| -> [2] { self.second.forward(&self.first.forward(x)) })]
struct Net {
    first: Linear<8, 4>,
    second: net!(linear(5, 2) >> tanh),
}

fn main() {}
