use tensor::prelude::*;

net! { pub type Net = [64] => repeat(3, linear(64, 64) >> lineer(64, 64)) }

fn main() {}
