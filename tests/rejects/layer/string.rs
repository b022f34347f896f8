use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> gelu(approximate = "tanh") }

fn main() {}
