use tensor::prelude::*;

#[model]
struct Mlp(Linear<784, 10>);

fn main() {}
