use tensor::prelude::*;

net! { pub type Net = [2, 3] => permute(0, 1) }

fn main() {}
