use tensor::prelude::*;

net! { pub type Net = [3, 8, 8] => residual(conv2d(3, 3, 3)) >> flatten }

fn main() {}
