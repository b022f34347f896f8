use tensor::prelude::*;

net! { pub type Net = [1, 8, 8] => conv2d(1, 8, 3, padding = valid) }

fn main() {}
