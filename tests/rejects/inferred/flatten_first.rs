use tensor::prelude::*;

net! { pub type Mlp = flatten >> linear(_, 10) }

fn main() {}
