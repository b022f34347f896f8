use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> layer_norm(_, eps = -1e-5) }

fn main() {}
