use tensor::prelude::*;

net! { pub type Net = [1, 7, 7] => max_pool2d(2, ceil_mode = true) >> flatten >> linear(9, 10) }

fn main() {}
