use tensor::prelude::*;

net! { pub type Mlp = linear(784, Width) >> relu >> linear(_, 10) }

fn main() {}
