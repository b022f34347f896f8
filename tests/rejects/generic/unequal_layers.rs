use tensor::prelude::*;

net! { pub type Mlp<D: Dim> = linear(D, 4 * D) >> linear(D, 10) }

fn main() {}
