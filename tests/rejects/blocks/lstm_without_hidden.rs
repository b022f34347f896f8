use tensor::prelude::*;

net! { pub type Net = [5, 3] => lstm(3) }

fn main() {}
