use tensor::prelude::*;

net! { pub type Mlp = (linear(64, 32) >> relu >> linear(16, 64)) >> sigmoid }

fn main() {}
