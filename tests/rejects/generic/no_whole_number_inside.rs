use tensor::prelude::*;

#[model]
struct Block<D: Dim, H: Dim> {
    narrow: linear!(D, D / H),
    back: linear!(D / H, D),
}

#[model]
struct Blocks<D: Dim, H: Dim> {
    blocks: [Block<D, H>; 3],
}

net! { type Net = linear(10, 64) >> Blocks<64, 5> }

fn main() {}
