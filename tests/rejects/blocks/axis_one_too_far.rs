use tensor::prelude::*;

net! { pub type Net = [3, 4] => softmax(axis = 3) >> relu }

fn main() {}
