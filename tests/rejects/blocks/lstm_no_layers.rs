use tensor::prelude::*;

net! { pub type Net = [5, 3] => lstm(3, 4, num_layers = 0) }

fn main() {}
