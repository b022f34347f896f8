use tensor::prelude::*;

net! { pub type Net = [4] => cat(linear(4, 2), axis = 1) }

fn main() {}
