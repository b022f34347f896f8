use tensor::prelude::*;

net! { #[input(2, 3, 4, 5, 6, 7)] pub type Mlp = flatten >> linear(_, 10) }

fn main() {}
