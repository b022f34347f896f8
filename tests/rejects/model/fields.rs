use tensor::prelude::*;

#[model]
#[input(64)]
struct Mlp {
    hidden: net!(linear(_, 128) >> relu),
    output: net!(linear(64, 10)),
}

fn main() {}
