use tensor::prelude::*;

#[model]
#[forward(|x: [4], h: [2]| (tanh(fc(x) + h), relu(fc(x))))]
struct Cell {
    fc: Linear<4, 2>,
}

#[model]
#[forward(|x: [4], h: [2]| {
    let (a, b) = cell(x, h, h);
    a + b
})]
struct Net {
    cell: Cell,
}

fn main() {}
