use tensor::prelude::*;

#[model]
#[forward(|x: [5, 2]| {
    let (y, h) = memory(x);
    (y, h)
})]
struct Net {
    memory: Lstm<2, 4>,
}

fn main() {}
