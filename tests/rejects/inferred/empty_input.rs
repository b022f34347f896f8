use tensor::prelude::*;

net! { #[input()] pub type Mlp = linear(784, 10) }

fn main() {}
