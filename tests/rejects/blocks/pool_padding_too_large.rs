use tensor::prelude::*;

net! { pub type Net = [1, 8, 8] => max_pool2d(2, padding = 2) }

fn main() {}
