use tensor::prelude::*;

#[model]
#[forward(|x: [64]| {
    let (a, b) = split(x, [3, 60], axis = 1);
    fc(a) * fc(b)
})]
struct Net {
    fc: Linear<32, 10>,
}

fn main() {}
