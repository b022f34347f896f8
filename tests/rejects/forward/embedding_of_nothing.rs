use tensor::prelude::*;

net! { type Net = [4] => embedding(0, 3) >> relu }

fn main() {}
