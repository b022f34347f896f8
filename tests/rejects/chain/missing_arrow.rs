use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) relu >> linear(128, 10) }

fn main() {}
