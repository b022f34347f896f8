use tensor::prelude::*;

#[model]
struct Mlp {
    fc: &'static Linear<784, 10>,
}

fn main() {}
