use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    let hidden = relu(x);
    fc(hiden)
})]
struct Net {
    fc: Linear<64, 10>,
}

fn main() {}
