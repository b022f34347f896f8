use tensor::prelude::*;

net! { type Net = #[init(wieght = zeros)] fc: linear(64, 64) }

fn main() {}
