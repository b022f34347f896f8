use tensor::prelude::*;

net! { #[input(12, 5)] pub type Block<G: Dim> = group_norm(G, 12) }
net! { #[input(12, 5)] type Net = tanh >> Block<5> }

fn main() {}
