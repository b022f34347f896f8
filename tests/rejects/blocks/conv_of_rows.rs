use tensor::prelude::*;

net! { pub type Net = [784] => conv2d(1, 8, 3) }

fn main() {}
