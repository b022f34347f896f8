use tensor::prelude::*;

net! { type Net = linear(64, 64) >> parameter(64) >> relu }

fn main() {}
