use tensor::prelude::*;

declare_dims! { Seq Width }

fn main() {}
