use tensor::prelude::*;

#[model]
#[forward(|x: [8], mask: [8]| fc(x * mask))]
struct Masked {
    fc: Linear<8, 2>,
}

fn main() {}
