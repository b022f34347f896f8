use tensor::prelude::*;

net! { pub type Net = [3, 32, 32] => conv2d(3, 32, 3) >> conv2d(64, 64, 3) }

fn main() {}
