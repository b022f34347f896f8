use tensor::prelude::*;

#[model]
#[forward(|x: [8]| { output(body(x)) })]
pub struct Net {
    body: net!(residual(linear(8, 8) >> relu)),
    output: Linear<8, 2>,
}

fn main() {}
