use tensor::prelude::*;

#[model]
#[forward(|x: [5, 2], h: [1, 4], c: [1, 5]| memory(x, h, c))]
struct Net {
    memory: Lstm<2, 4>,
}

fn main() {}
