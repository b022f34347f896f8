use tensor::prelude::*;

net! { type Net = first: linear(8, 8) >> #[tied] last: linear(8, 8, bias = false) }

fn main() {}
