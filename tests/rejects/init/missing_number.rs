use tensor::prelude::*;

net! { type Net = #[init(constant)] fc: linear(64, 64) }

fn main() {}
