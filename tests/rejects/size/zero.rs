use tensor::prelude::*;

net! { pub type Mlp = linear(784, 0) >> relu }

fn main() {}
