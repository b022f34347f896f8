use tensor::prelude::*;

#[model]
#[forward(|a: [4], b: [4], c: [4], d: [4], e: [4], f: [4], g: [4]| fc(a + b + c + d + e + f + g))]
struct Net {
    fc: Linear<4, 2>,
}

fn main() {}
