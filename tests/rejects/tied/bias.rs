use tensor::prelude::*;

net! { type Net = first: linear(8, 8) >> #[tied(first)] last: linear(8, 8) }

fn main() {}
