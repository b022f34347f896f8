use tensor::prelude::*;

declare_dims! { seq; }

fn main() {}
