use tensor::prelude::*;

net! { pub type Mlp = linear(784) >> relu }

fn main() {}
