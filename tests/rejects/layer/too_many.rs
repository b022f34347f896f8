use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128, 64) >> relu }

fn main() {}
