use tensor::prelude::*;

net! { pub type Net = [5] => embedding(65, 8, padding_idx = 65) }

fn main() {}
