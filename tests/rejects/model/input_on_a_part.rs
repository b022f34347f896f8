use tensor::prelude::*;

#[model]
struct Mlp {
    #[input(784)]
    fc: Linear<_, 10>,
}

fn main() {}
