use tensor::prelude::*;

net! { pub type Mlp = fc: linear(784, 128) >> norm: layer_norm(64) }

fn main() {}
