use tensor::prelude::*;

net! { pub type Mlp = linear(_, 128) >> relu >> linear(_, 10) }

fn main() {}
