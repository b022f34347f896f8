use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> dropout(1.5) >> linear(128, 10) }

fn main() {}
