use tensor::prelude::*;

net! { type Words = [4] => embedding(5, 3) }

#[model]
#[forward(|x: [4]| {
    let y: [4, 3] = words(fc(x));
    y
})]
struct Net {
    fc: Linear<4, 4>,
    words: Words,
}

fn main() {}
