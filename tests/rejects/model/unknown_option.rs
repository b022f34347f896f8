use tensor::prelude::*;

#[model(fast)]
struct Mlp {
    fc: Linear<784, 10>,
}

fn main() {}
