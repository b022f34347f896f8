use tensor::prelude::*;

net! { pub type Net = [3, 4] => softmin(axis = -3) }

fn main() {}
