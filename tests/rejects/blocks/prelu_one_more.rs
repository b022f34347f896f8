use tensor::prelude::*;

net! { pub type Net = [3, 4] => prelu(4) }

fn main() {}
