use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> () }

fn main() {}
