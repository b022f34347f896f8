use tensor::prelude::*;

#[model]
#[forward(|x: [64]| x * scale)]
struct Net {
    #[init(xavier_uniform)]
    scale: Parameter<64>,
}

fn main() {}
