use tensor::prelude::*;

#[model]
union Mlp {
    small: u32,
}

fn main() {}
