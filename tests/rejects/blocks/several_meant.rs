use tensor::prelude::*;

net! { pub type Net = [3, 4] => conv4d(3, 4, 2) }

fn main() {}
