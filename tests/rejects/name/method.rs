use tensor::prelude::*;

net! { pub type Mlp = forward: linear(784, 10) }

fn main() {}
