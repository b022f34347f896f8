use tensor::prelude::*;

net! { type Inner = linear(8, 8) }
net! { type Net = first: Inner >> #[tied(first)] last: linear(8, 8, bias = false) }

fn main() {}
