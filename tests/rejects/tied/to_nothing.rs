use tensor::prelude::*;

net! { type Net = [8] => first: relu >> #[tied(first)] last: linear(8, 8, bias = false) }

fn main() {}
