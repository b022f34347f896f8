use tensor::prelude::*;

net! { pub type Net = [3, 4] => transformer(3) }

fn main() {}
