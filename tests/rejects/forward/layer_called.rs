use tensor::prelude::*;

#[model]
#[forward(|x: [64]| linear(relu(fc(x)), 64, 10))]
struct Net {
    fc: Linear<64, 64>,
}

fn main() {}
