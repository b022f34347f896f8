use tensor::prelude::*;

#[model]
struct Mlp<'a, D: Dim> {
    up: linear!(D, 4 * D),
}

fn main() {}
