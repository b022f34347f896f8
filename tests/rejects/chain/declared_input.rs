use tensor::prelude::*;

net! { #[input(64)] pub type Mlp = linear(784, 128) >> relu >> linear(128, 10) }

fn main() {}
