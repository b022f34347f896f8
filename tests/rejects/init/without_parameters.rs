use tensor::prelude::*;

net! { type Net = linear(64, 64) >> #[init(zeros)] relu }

fn main() {}
