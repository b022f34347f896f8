use tensor::prelude::*;

#[model]
#[forward(|x: [4]| words(fc(x)))]
struct Net {
    fc: Linear<4, 4>,
    words: Embedding<5, 3>,
}

fn main() {}
