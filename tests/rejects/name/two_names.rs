use tensor::prelude::*;

net! { pub type Mlp = fc1: first: linear(784, 10) }

fn main() {}
