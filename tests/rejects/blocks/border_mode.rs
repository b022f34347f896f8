use tensor::prelude::*;

net! { pub type Net = [2, 3, 3] => conv2d(2, 4, 3, padding = 1, padding_mode = mirror) }

fn main() {}
