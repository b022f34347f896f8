use tensor::prelude::*;

net! { pub type Mlp = fc1: linear(784, 128) >> relu >> fc2: linear(256, 10) }

fn main() {}
