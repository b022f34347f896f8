use tensor::prelude::*;

declare_dims! { Seq; }

#[model]
#[forward(|x: [Seq, 64]| x + position)]
struct Net {
    position: Parameter<Seq, 64>,
}

fn main() {}
