use tensor::prelude::*;

net! { type Net = first: linear(8, 4) >> #[tied(first)] last: linear(4, 9, bias = false) }

fn main() {}
