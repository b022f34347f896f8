use tensor::prelude::*;

net! { pub type Net = [4] => cat(linear(4, 2), relu, axis = 1) >> linear(7, 2) }

fn main() {}
