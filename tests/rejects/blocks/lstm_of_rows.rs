use tensor::prelude::*;

net! { pub type Net = [3] => lstm(3, 4) }

fn main() {}
