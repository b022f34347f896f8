use tensor::prelude::*;

net! { type Encoder = linear(784, 32) >> relu }

#[model]
struct Deep {
    stem: Linear<64, 128>,
    encoder: Encoder,
}

fn main() {}
