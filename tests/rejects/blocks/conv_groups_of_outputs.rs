use tensor::prelude::*;

net! { pub type Net = [6, 8, 8] => conv2d(6, 8, 3, groups = 3) }

fn main() {}
