use tensor::prelude::*;

net! { type Encoder = linear(784, 0) >> relu }

#[model]
struct Autoencoder {
    encoder: Encoder,
    decoder: Linear<_, 784>,
}

fn main() {
    println!("{}", Autoencoder::new(&Device::default(), Seed(0)));
}
