use tensor::prelude::*;

#[model]
#[forward(|x: [4], y: [4]| fc((x, y)))]
struct Net {
    fc: Linear<4, 2>,
}

fn main() {}
