use tensor::prelude::*;

#[model]
fn mlp() {}

fn main() {}
