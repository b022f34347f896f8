use tensor::prelude::*;

net! { type Net = linear(10, 64) >> Mlp<64 >> relu }

fn main() {}
