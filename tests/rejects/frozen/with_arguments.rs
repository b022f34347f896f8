use tensor::prelude::*;

net! { type Net = #[frozen(weight)] fc: linear(64, 64) }

fn main() {}
