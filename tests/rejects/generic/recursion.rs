use tensor::prelude::*;

#[model]
struct Mlp<D: Dim> {
    up: linear!(D, 2 * D),
    rest: Mlp<{ 2 * D }>,
}

fn main() {}
