use tensor::prelude::*;

net! { pub type Mlp<D> = linear(D, 128) }

fn main() {}
