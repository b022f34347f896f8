use tensor::prelude::*;

net! { pub type Net = [3, 8, 8] => conv2d(3, 16, 9) >> relu >> conv2d(16, 7, 3, groups = 2) }

fn main() {}
