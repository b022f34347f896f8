use tensor::prelude::*;

net! { pub type Mlp = encoder: (linear(64, 32) >> relu) >> decoder: (linear(16, 64) >> sigmoid) }

fn main() {}
