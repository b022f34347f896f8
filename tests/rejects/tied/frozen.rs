use tensor::prelude::*;

net! { type Net = first: linear(8, 8) >> #[frozen] #[tied(first)] last: linear(8, 8, bias = false) }

fn main() {}
