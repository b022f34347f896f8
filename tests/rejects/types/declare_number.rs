use tensor::prelude::*;

declare_dims! { 784; }

fn main() {}
