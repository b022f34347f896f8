use tensor::prelude::*;

net! { pub type Mlp = layers::linear(784, 128) >> relu }

fn main() {}
