use tensor::prelude::*;

net! { type Inner = linear(64, 32) }

#[model]
#[forward(|x: [64]| x + inner(x))]
struct Net {
    inner: Inner,
}

fn main() {}
