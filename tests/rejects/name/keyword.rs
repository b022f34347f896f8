use tensor::prelude::*;

net! { pub type Mlp = type: linear(784, 10) }

fn main() {}
