use tensor::prelude::*;

net! { pub type Net = [1, 8, 8] => upsample(2, mode = sharp) }

fn main() {}
