use tensor::prelude::*;

net! { pub type Net = [3, 4] => lp_pool1d(0, 2) }

fn main() {}
