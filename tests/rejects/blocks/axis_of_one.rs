use tensor::prelude::*;

net! { pub type Net = [4] => softmax(axis = 2) }

fn main() {}
