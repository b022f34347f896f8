use tensor::prelude::*;

#[model]
enum Mlp {
    Small,
}

fn main() {}
