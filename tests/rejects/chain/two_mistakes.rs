use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> linear(64, 32) >> relu >> linear(16, 10) }

fn main() {}
