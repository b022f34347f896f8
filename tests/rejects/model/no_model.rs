use tensor::prelude::*;

struct Encoder;

#[model]
#[input(784)]
struct Mlp {
    encoder: Encoder,
}

fn main() {}
