use tensor::prelude::*;

net! { pub type Net = [1, 4, 4] => conv2d(1, 8, 7, padding = 1) }

fn main() {}
