use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128, bias = 0) >> relu }

fn main() {}
