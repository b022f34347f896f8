use tensor::prelude::*;

net! { pub type Net = [4] => cat(linear(4, 2), relu, axis = 2) }

fn main() {}
