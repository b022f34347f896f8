use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128, bias = false, bias = true) >> relu }

fn main() {}
