use tensor::prelude::*;

net! { type Net = linear(4, 2) >> buffer(2) >> relu }

fn main() {}
