use tensor::prelude::*;

net! { pub type Net = [2, 3, 3] => upsample(2, size = 6) }

fn main() {}
