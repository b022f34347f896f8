use tensor::prelude::*;

net! { pub type Net = [1, 28, 28] => conv2d(1, 4, 3) >> linear(2704, 10) }

fn main() {}
