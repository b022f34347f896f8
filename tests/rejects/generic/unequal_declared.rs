use tensor::prelude::*;

#[model]
#[forward(|x: [D]| {
    let y: [D / H] = up(x);
    y
})]
struct Block<D: Dim, H: Dim> {
    up: linear!(D, D / 2 / H),
}

fn main() {}
