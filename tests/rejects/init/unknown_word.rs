use tensor::prelude::*;

net! { type Net = #[init(kaiming_normal(mode = fan_on))] fc: linear(64, 64) }

fn main() {}
