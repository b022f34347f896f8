use tensor::prelude::*;

net! { pub type Net = [3, 32] => conv2d(3, 8, 3) }

fn main() {}
