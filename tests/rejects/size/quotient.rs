use tensor::prelude::*;

net! { pub type Mlp = linear(784, 256 / 2) >> relu }

fn main() {}
