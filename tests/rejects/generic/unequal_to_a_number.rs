use tensor::prelude::*;

#[model]
struct Mlp<D: Dim> {
    up: linear!(64, D),
    down: Linear<256, 10>,
}

fn main() {}
