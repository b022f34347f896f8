use tensor::prelude::*;

net! { pub type Net = [784] => reshape(1, 28, 29) }

fn main() {}
