use tensor::prelude::*;

#[model]
struct Mlp {
    fc1: Linear<784, 128>,
    act: Relu,
    fc2: Linear<64, 10>,
}

fn main() {}
