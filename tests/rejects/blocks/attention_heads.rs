use tensor::prelude::*;

net! { pub type Net = [5, 12] => attention(5) }

fn main() {}
