use tensor::prelude::*;

net! { pub type Mlp = linear("784", 128) >> relu }

fn main() {}
