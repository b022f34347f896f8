use tensor::prelude::*;

net! { #[input(1, 28, 28)] pub type Mlp = flatten >> linear(700, 128) >> relu }

fn main() {}
