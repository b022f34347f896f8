use tensor::prelude::*;

#[model]
#[forward(|mut x: [64]| {
    for layer in fc {
        x = layer(x);
    }
    x
})]
struct Net {
    fc: Linear<64, 64>,
}

fn main() {}
