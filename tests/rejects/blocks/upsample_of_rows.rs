use tensor::prelude::*;

net! { pub type Net = [8] => upsample(2) }

fn main() {}
