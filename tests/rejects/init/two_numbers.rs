use tensor::prelude::*;

net! { type Net = #[init(normal(0.0, 0.02))] fc: linear(64, 64) }

fn main() {}
