use tensor::prelude::*;

struct Holder {
    mlp: net!(linear(784, 128) >> relu),
}

fn main() {}
