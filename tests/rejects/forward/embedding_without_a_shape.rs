use tensor::prelude::*;

net! { type Net = embedding(5, 3) >> relu }

fn main() {}
