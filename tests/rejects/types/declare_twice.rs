use tensor::prelude::*;

declare_dims! { Seq; Seq; }

fn main() {}
