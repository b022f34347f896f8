use tensor::prelude::*;

#[model]
#[forward(|x: [5, 2]| {
    let (y, (h, c)) = memory(x);
    (y, h, c)
})]
struct Net {
    memory: Lstm<2, 4>,
}

fn main() {}
