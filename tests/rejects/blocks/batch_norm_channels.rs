use tensor::prelude::*;

net! { pub type Net = [3, 8, 8] => conv2d(3, 16, 3) >> batch_norm2d(32) }

fn main() {}
