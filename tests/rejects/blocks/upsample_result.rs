use tensor::prelude::*;

net! { pub type Net = [1, 4, 4] => upsample(2) >> flatten >> linear(63, 10) }

fn main() {}
