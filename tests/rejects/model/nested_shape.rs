use tensor::prelude::*;

net! { type Encoder = linear(28, 32) >> relu }

#[model]
#[input(28, 28)]
struct Deep {
    encoder: Encoder,
}

fn main() {}
