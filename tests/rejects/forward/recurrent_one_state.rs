use tensor::prelude::*;

#[model]
#[forward(|x: [5, 2], h: [1, 4]| memory(x, h))]
struct Net {
    memory: Lstm<2, 4>,
}

fn main() {}
