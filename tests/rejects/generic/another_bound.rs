use tensor::prelude::*;

#[model]
struct Mlp<D: Dim + Clone> {
    up: linear!(D, 4 * D),
}

fn main() {}
