use tensor::prelude::*;

net! { pub type Net = [4] => cat(linear(4, 2) >> linear(3, 2), relu, axis = 1) }

fn main() {}
