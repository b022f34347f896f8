use tensor::prelude::*;

net! { pub type Mlp = linear(784, 128) >> leaky_relu(slope = steep) >> linear(128, 10) }

fn main() {}
