use tensor::prelude::*;

net! { #[input(_)] pub type Mlp = linear(784, 10) }

fn main() {}
