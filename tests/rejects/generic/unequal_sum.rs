use tensor::prelude::*;

#[model]
#[forward(|x: [Seq, D]| x + up(x))]
struct Block<D: Dim> {
    up: linear!(D, 2 * D),
}

declare_dims! { Seq; }

fn main() {}
