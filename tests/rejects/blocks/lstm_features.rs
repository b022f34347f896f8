use tensor::prelude::*;

net! { pub type Net = [5, 3] => lstm(4, 8) }

fn main() {}
