use tensor::prelude::*;

net! { pub type Mlp = linear(784, dim![128]) >> relu }

fn main() {}
