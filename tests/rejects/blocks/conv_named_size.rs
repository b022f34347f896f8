use tensor::prelude::*;

net! { pub type Net = [3, Batch, 32] => conv2d(3, 8, 3) }

fn main() {}
