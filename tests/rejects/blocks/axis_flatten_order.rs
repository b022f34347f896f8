use tensor::prelude::*;

net! { pub type Net = [2, 3, 4] => flatten(2, 1) }

fn main() {}
