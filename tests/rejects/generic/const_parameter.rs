use tensor::prelude::*;

net! { type Mlp<const D: usize> = linear(784, D) >> relu }

fn main() {}
