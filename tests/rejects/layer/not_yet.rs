use tensor::prelude::*;

net! { pub type Mlp = conv2d(1, 8, 3) >> relu }

fn main() {}
