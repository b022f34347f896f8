use tensor::prelude::*;

net! { type Net = linear(64, 64) >> #[frozen] relu }

fn main() {}
