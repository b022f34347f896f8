use tensor::prelude::*;

net! { pub type Mlp = linear(784.0, 128) >> relu }

fn main() {}
