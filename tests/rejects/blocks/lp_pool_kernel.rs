use tensor::prelude::*;

net! { pub type Net = [3, 4] => lp_pool1d(2, 5) }

fn main() {}
