use tensor::prelude::*;

net! { type Net = #[init(normal(0.02))] norm: layer_norm(64) }

fn main() {}
