use tensor::prelude::*;

net! { #[input(5, D)] pub type Block<D: Dim, H: Dim> = transformer_encoder_layer(D, H, 4 * D) }
net! { #[input(5, 8)] type Net = first: linear(8, 8) >> block: Block<8, 3> }

fn main() {}
