use tensor::prelude::*;

declare_dims! { Seq; }

net! { pub type Mlp = linear(784, Seq) >> relu }

fn main() {}
