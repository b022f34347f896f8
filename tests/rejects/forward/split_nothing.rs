use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    let (_, _) = split(x, 32, axis = 1);
    fc(x)
})]
struct Net {
    fc: Linear<64, 10>,
}

fn main() {}
