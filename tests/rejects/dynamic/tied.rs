use tensor::prelude::*;

#[model]
#[forward(dynamic, |x: [8]| -> [8] { self.second.forward(&self.first.forward(x)) })]
struct Net {
    first: linear!(8, 8, bias = false),
    #[tied(first)]
    second: linear!(8, 8, bias = false),
}

fn main() {}
