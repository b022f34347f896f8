use tensor::prelude::*;

net! { pub type Net = [2, 3] => permute(1, 3) }

fn main() {}
