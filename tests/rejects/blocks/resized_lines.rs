use tensor::prelude::*;

net! { pub type Net = [2, 3] => upsample(2, mode = bilinear) }

fn main() {}
