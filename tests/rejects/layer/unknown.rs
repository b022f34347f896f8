use tensor::prelude::*;

net! { pub type Mlp = lineer(784, 128) >> relu }

fn main() {}
