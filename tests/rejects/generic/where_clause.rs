use tensor::prelude::*;

#[model]
struct Mlp<D>
where
    D: Dim,
{
    up: linear!(D, 4 * D),
}

fn main() {}
