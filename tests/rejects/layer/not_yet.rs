use tensor::prelude::*;

net! { pub type Mlp = bilinear(8, 3) >> relu }

fn main() {}
