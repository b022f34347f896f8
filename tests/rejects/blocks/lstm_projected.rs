use tensor::prelude::*;

net! { pub type Net = [5, 3] => lstm(3, 4, proj_size = 2) }

fn main() {}
