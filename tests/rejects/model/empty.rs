use tensor::prelude::*;

#[model]
struct Mlp {}

fn main() {}
