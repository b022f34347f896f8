use tensor::prelude::*;

net! { pub type Net = [1, 8, 8] => avg_pool2d }

fn main() {}
