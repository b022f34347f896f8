use tensor::prelude::*;

net! { #[input(5, D)] pub type Block<D: Dim> = multi_head_attention(D, 4) }
net! { #[input(5, 9)] type Net = first: linear(9, 9) >> block: Block<9> }

fn main() {}
