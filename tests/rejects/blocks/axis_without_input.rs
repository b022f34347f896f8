use tensor::prelude::*;

net! { pub type Net = softmax(axis = 1) >> relu }

fn main() {}
