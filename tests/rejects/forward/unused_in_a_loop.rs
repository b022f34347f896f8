use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    for layer in layers {
        let h = layer(x);
    }
    fc(x)
})]
struct Net {
    layers: [Linear<64, 64>; 12],
    fc: Linear<64, 10>,
}

fn main() {}
