use tensor::prelude::*;

net! { #[input(5, D)] pub type Block<D: Dim, H: Dim> = multi_head_attention(D, H) }
net! { #[input(5, 8)] type Net = first: linear(8, 8) >> block: Block<8, 5> }

fn main() {}
