use tensor::prelude::*;

#[model]
#[derive(Clone)]
struct Mlp {
    fc: Linear<784, 10>,
}

fn main() {}
