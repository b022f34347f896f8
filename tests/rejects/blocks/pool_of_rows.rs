use tensor::prelude::*;

net! { pub type Net = [64] => max_pool2d(2) }

fn main() {}
