use tensor::prelude::*;

net! { pub struct Mlp = linear(784, 128) }

fn main() {}
