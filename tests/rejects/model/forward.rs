use tensor::prelude::*;

#[model]
#[forward(|x| fc(x))]
struct Mlp {
    fc: Linear<784, 10>,
}

fn main() {}
