use tensor::prelude::*;

net! { pub type Net = [2, 3, 3] => upsample(mode = bilinear) }

fn main() {}
