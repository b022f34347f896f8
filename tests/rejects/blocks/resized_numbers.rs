use tensor::prelude::*;

net! { pub type Net = [2, 3, 3] => upsample(size = (4, 5, 6)) }

fn main() {}
