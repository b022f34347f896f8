use tensor::prelude::*;

const HIDDEN: usize = 128;

net! { pub type Mlp = linear(784, HIDDEN) >> relu >> linear(HIDDEN, 10) }

fn main() {}
