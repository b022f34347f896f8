use tensor::prelude::*;

net! { pub type Mlp = }

fn main() {}
