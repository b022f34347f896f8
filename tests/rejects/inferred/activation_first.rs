use tensor::prelude::*;

net! { pub type Mlp = relu >> linear(784, 10) }

fn main() {}
