use tensor::prelude::*;

#[model]
struct Mlp<D: Dim> {
    fc: Linear<784, D>,
}

fn main() {}
