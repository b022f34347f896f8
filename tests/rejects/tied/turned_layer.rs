use tensor::prelude::*;

net! { type Net = first: linear(8, 4) >> #[tied(first)] last: linear(4, 8, bias = false) }

fn main() {}
