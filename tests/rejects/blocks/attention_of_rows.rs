use tensor::prelude::*;

net! { pub type Net = [12] => attention(2) }

fn main() {}
