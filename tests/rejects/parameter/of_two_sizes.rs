use tensor::prelude::*;

#[model]
#[forward(|x: [4, 64]| cat(class, x, axis = 1) + x)]
struct Net {
    class: Parameter<1, 64>,
}

fn main() {}
