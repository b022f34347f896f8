use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    let h = relu(x);
    h = fc(h);
    h
})]
struct Net {
    fc: Linear<64, 10>,
}

fn main() {}
