use tensor::prelude::*;

#[model]
#[forward(|x: [4], h: [2]| (tanh(fc(x) + h), relu(fc(x))))]
struct Cell {
    fc: Linear<4, 2>,
}

#[model]
#[forward(|x: [4], h: [2]| {
    let (a, b, c) = cell(x, h);
    a + b + c
})]
struct Net {
    cell: Cell,
}

fn main() {}
