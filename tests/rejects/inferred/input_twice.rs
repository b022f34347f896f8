use tensor::prelude::*;

net! { #[input(784)] pub type Mlp = [784] => linear(784, 10) }

fn main() {}
