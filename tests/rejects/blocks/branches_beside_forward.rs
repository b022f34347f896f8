use tensor::prelude::*;

#[model]
#[forward(|x: [4]| both(x))]
struct Net {
    both: net!(cat(relu, tanh, axis = 1)),
}

fn main() {}
