use tensor::prelude::*;

net! { pub type Net = [3, 8, 8] => conv1d(3, 8, 3) }

fn main() {}
