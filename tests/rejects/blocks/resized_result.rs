use tensor::prelude::*;

net! { pub type Net = [1, 3, 3] => upsample(size = (4, 5)) >> flatten >> linear(16, 2) }

fn main() {}
