use tensor::prelude::*;

#[model]
struct Mlp {
    fc: Linear<784>,
}

fn main() {}
