use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> >> linear(128, 10) }

fn main() {}
