use tensor::prelude::*;

net! { #[input(1, 28, 28)] pub type Mlp = linear(784, 128) >> relu >> linear(128, 10) }

fn main() {}
