use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    let (a, b) = fc(x);
    a + b
})]
struct Net {
    fc: Linear<64, 10>,
}

fn main() {}
