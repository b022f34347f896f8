use tensor::prelude::*;

#[model]
#[forward(|ids: [4]| (words(ids), fc(ids)))]
struct Net {
    words: Embedding<5, 3>,
    fc: Linear<4, 4>,
}

fn main() {}
