use tensor::prelude::*;

net! { pub type Net = [4] => softmax2d }

fn main() {}
