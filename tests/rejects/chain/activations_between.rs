use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> relu >> dropout(0.2) >> linear(64, 10) }

fn main() {}
