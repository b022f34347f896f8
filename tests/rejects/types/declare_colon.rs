use tensor::prelude::*;

declare_dims! { Seq: 3; }

fn main() {}
