use tensor::prelude::*;

net! { pub type Mlp = linear >> relu }

fn main() {}
