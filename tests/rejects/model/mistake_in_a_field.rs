use tensor::prelude::*;

#[model]
struct Mlp {
    hidden: net!(linear(784, 128) >> reul),
    output: Linear<_, 10>,
}

fn main() {}
