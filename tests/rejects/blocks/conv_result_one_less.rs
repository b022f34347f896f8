use tensor::prelude::*;

net! { pub type Net = [1, 28, 28] => conv2d(1, 32, 3) >> conv2d(32, 64, 3) >> flatten >> linear(36863, 10) }

fn main() {}
