use tensor::prelude::*;

net! { #[input(Batch, 784)] pub type Mlp = linear(784, 10) }

fn main() {}
