use tensor::prelude::*;

net! { type Net = [4] => embedding(5) >> relu }

fn main() {}
