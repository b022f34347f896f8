use tensor::prelude::*;

#[model]
#[forward(|x: [2], h: [4]| memory(x, h))]
struct Net {
    memory: LstmCell<2, 4>,
}

fn main() {}
