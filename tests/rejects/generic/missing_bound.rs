use tensor::prelude::*;

#[model]
struct Mlp<D> {
    up: linear!(D, 4 * D),
}

fn main() {}
