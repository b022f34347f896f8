use tensor::prelude::*;

net! { pub type Net = conv2d(3, 64, 7) >> relu }

fn main() {}
