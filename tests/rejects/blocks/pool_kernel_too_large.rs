use tensor::prelude::*;

net! { pub type Net = [1, 4, 4] => max_pool2d(5) }

fn main() {}
