use tensor::prelude::*;

net! { pub type Net = [64] => repeat(0, linear(64, 64)) }

fn main() {}
