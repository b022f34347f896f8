use tensor::prelude::*;

net! { pub type Mlp = fc: linear(784, 128) >> relu >> fc: linear(128, 10) }

fn main() {}
