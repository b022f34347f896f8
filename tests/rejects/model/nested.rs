use tensor::prelude::*;

net! { type Encoder = linear(784, 32) >> relu }

#[model]
struct Autoencoder {
    encoder: Encoder,
    decoder: Linear<64, 784>,
}

fn main() {}
