use tensor::prelude::*;

net! { pub type Net = [6] => instance_norm1d(6) }

fn main() {}
