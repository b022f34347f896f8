use tensor::prelude::*;

net! { pub type Net = [64] => repeat(3, linear(64, 32)) }

fn main() {}
