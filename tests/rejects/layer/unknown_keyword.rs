use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128, bais = false) >> relu }

fn main() {}
