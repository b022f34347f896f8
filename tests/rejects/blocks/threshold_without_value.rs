use tensor::prelude::*;

net! { pub type Net = [8] => threshold(1.0) }

fn main() {}
