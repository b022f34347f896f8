use tensor::prelude::*;

net! { pub type Mlp = linear(784, 10) >> argmax }

fn main() {}
