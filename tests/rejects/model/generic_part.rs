use tensor::prelude::*;

#[model]
struct Mlp {
    fc: Linear<784, 10>,
    block: Block<10>,
}

fn main() {}
