use tensor::prelude::*;

declare_dims! { Hidden = 128; }

net! { pub type Mlp = fc1: linear(784, Hidden) >> relu >> fc2: linear(256, 10) }

fn main() {}
