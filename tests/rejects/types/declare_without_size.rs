use tensor::prelude::*;

declare_dims! { Seq = ; }

fn main() {}
