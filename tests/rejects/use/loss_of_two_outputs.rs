use tensor::loss::huber_loss;
use tensor::prelude::*;

#[model]
#[forward(|x: [4]| (one(x), other(x)))]
pub struct Net {
    one: Linear<4, 2>,
    other: Linear<4, 3>,
}

fn train(net: Net) {
    net.compile(huber_loss, Adam::new(1e-3));
}

fn main() {}
