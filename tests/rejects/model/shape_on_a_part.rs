use tensor::prelude::*;

#[model]
struct Mlp {
    fc: net!([784] => linear(_, 10)),
}

fn main() {}
