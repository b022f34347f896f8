use tensor::prelude::*;

net! { pub type Net = [5, 8] => attention(2) }

fn main() {}
