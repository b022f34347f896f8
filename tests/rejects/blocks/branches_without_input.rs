use tensor::prelude::*;

net! { pub type Net = cat(linear(4, 2), relu, axis = 1) }

fn main() {}
