use tensor::prelude::*;

net! { pub type Mlp = linear(784, 256 / 3) >> relu }

fn main() {}
