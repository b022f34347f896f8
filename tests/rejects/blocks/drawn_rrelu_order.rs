use tensor::prelude::*;

net! { type Net = linear(2, 4) >> rrelu(0.3, 0.1) }

fn main() {}
