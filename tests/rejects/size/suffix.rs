use tensor::prelude::*;

net! { pub type Mlp = linear(784usize, 128) >> relu }

fn main() {}
