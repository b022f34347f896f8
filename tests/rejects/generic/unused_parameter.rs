use tensor::prelude::*;

#[model]
struct Mlp<D: Dim, H: Dim> {
    up: linear!(D, 4 * D),
}

fn main() {}
