use tensor::prelude::*;

#[model]
#[forward(|x: [4], x: [4]| fc(x))]
struct Net {
    fc: Linear<4, 2>,
}

fn main() {}
