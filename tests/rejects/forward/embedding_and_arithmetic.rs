use tensor::prelude::*;

#[model]
#[forward(|ids: [4]| flatten(words(ids)) * (0.5 * ids))]
struct Net {
    words: Embedding<5, 1>,
}

fn main() {}
