use tensor::prelude::*;

net! { pub type Mlp = linear(0, 128) >> relu >> linear(128, 1.5) }

fn main() {}
