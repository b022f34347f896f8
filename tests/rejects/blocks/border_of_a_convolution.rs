use tensor::prelude::*;

net! { pub type Net = [2, 3, 3] => conv2d(2, 4, 7, padding = 3, padding_mode = reflect) }

fn main() {}
