use tensor::prelude::*;

#[model]
#[forward(|x: [2], h: [3], c: [4]| memory(x, h, c))]
struct Net {
    memory: LstmCell<2, 4>,
}

fn main() {}
