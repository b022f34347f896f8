use tensor::prelude::*;

net! { type Net = linear(4, 8) >> embedding(5, 3) }

fn main() {}
