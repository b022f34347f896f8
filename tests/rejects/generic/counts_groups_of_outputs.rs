use tensor::prelude::*;

net! { #[input(G, 5)] pub type Block<G: Dim> = conv1d(G, 4, 3, groups = G) }
net! { #[input(3, 5)] type Net = tanh >> Block<3> }

fn main() {}
