use tensor::prelude::*;

net! { pub type Net = [64] => repeat(linear(64, 64)) }

fn main() {}
