use tensor::prelude::*;

struct Encoder;

#[model]
struct Classifier {
    encoder: Encoder,
    head: Linear<_, 10>,
}

fn main() {}
