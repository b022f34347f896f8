use tensor::prelude::*;

net! { pub type Net = [1, 6, 6] => conv2d(1, 8, 3, dilation = 3) }

fn main() {}
