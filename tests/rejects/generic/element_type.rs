use tensor::prelude::*;

#[model]
struct Mlp<D: Dim, T: Float> {
    up: linear!(D, 4 * D),
}

fn main() {}
