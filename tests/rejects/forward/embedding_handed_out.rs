use tensor::prelude::*;

#[model]
#[forward(|ids: [4]| (words(ids), ids))]
struct Net {
    words: Embedding<5, 3>,
}

fn main() {}
