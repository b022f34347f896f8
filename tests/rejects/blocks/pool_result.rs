use tensor::prelude::*;

net! { pub type Net = [1, 7, 7] => max_pool2d(2) >> flatten >> linear(16, 10) }

fn main() {}
