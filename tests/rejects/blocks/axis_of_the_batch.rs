use tensor::prelude::*;

net! { pub type Net = [3, 4] => tanh >> log_softmax(0) }

fn main() {}
