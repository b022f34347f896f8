use tensor::prelude::*;

net! { pub type Net = [1, 4, 4] => conv2d(1, 8, (4, 5)) }

fn main() {}
