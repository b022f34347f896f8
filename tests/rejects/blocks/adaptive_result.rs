use tensor::prelude::*;

net! { pub type Net = [2, 8, 8] => adaptive_avg_pool2d((2, 3)) >> flatten >> linear(11, 10) }

fn main() {}
