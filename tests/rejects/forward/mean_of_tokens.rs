use tensor::prelude::*;

#[model]
#[forward(|ids: [3, 2]| (body(ids), mean(ids, axis = 1)))]
pub struct Net {
    body: Embedding<5, 4>,
}

fn main() {}
